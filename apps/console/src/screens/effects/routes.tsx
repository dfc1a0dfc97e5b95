import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { staleOn } from '../../app/live.ts';

staleOn(['effect'], ['listEffects', 'countEffects', 'getEffect']);

/** The changes in force, and one of them. */
export function routes(parent: AnyRoute): readonly AnyRoute[] {
  const getParentRoute = () => parent;
  return [
    createRoute({
      getParentRoute,
      path: '/effects',
      component: lazyRouteComponent(() => import('./effects-page.tsx'), 'EffectsPage'),
    }),
    createRoute({
      getParentRoute,
      path: '/effects/$id',
      component: lazyRouteComponent(() => import('./effect-page.tsx'), 'EffectPage'),
    }),
  ];
}
