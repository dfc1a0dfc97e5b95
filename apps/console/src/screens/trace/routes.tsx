import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router';

/** The causal tree of anything. */
export function routes(parent: AnyRoute): readonly AnyRoute[] {
  return [
    createRoute({
      getParentRoute: () => parent,
      path: '/trace/$ref',
      component: lazyRouteComponent(() => import('./trace-page.tsx'), 'TracePage'),
    }),
  ];
}
