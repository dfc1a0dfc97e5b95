import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { staleOn } from '../../app/live.ts';

staleOn(['case'], ['listCases', 'getCase', 'listCaseEntries']);
staleOn(['run', 'effect'], ['listCaseEntries']);

/** The list of cases, and one case. */
export function routes(parent: AnyRoute): readonly AnyRoute[] {
  const getParentRoute = () => parent;
  return [
    createRoute({
      getParentRoute,
      path: '/cases',
      component: lazyRouteComponent(() => import('./cases-page.tsx'), 'CasesPage'),
    }),
    createRoute({
      getParentRoute,
      path: '/cases/$id',
      component: lazyRouteComponent(() => import('./case-page.tsx'), 'CasePage'),
    }),
  ];
}
