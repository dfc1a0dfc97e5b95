import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { staleOn } from '../../app/live.ts';

staleOn(['alert'], ['listSources', 'getSource', 'listDecisions']);

/** Where alerts come from, with their account, and how an input would be read. */
export function routes(parent: AnyRoute): readonly AnyRoute[] {
  const getParentRoute = () => parent;
  return [
    createRoute({
      getParentRoute,
      path: '/sources',
      component: lazyRouteComponent(() => import('./sources-page.tsx'), 'SourcesPage'),
    }),
    createRoute({
      getParentRoute,
      path: '/sources/$id',
      component: lazyRouteComponent(() => import('./source-page.tsx'), 'SourcePage'),
    }),
  ];
}
