import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { staleOn } from '../../app/live.ts';

staleOn(['run', 'inbox'], ['listRuns']);

/** The list of runs, one run, and two of them side by side. */
export function routes(parent: AnyRoute): readonly AnyRoute[] {
  const getParentRoute = () => parent;
  return [
    createRoute({
      getParentRoute,
      path: '/runs',
      component: lazyRouteComponent(() => import('./list/runs-page.tsx'), 'RunsPage'),
    }),
    createRoute({
      getParentRoute,
      path: '/runs/compare',
      component: lazyRouteComponent(() => import('./compare/compare-page.tsx'), 'ComparePage'),
    }),
    createRoute({
      getParentRoute,
      path: '/runs/$id',
      component: lazyRouteComponent(() => import('./run/run-page.tsx'), 'RunPage'),
    }),
  ];
}
