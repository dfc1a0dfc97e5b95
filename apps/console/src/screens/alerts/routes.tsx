import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { staleOn } from '../../app/live.ts';

// Not the list: rows that move while somebody reads them are worse than rows that wait for a click.
staleOn(['alert'], ['alertFacets', 'getAlert', 'getCase']);
staleOn(['effect'], ['getAlert']);

/** The queue of alerts, and one alert. */
export function routes(parent: AnyRoute): readonly AnyRoute[] {
  const getParentRoute = () => parent;
  return [
    createRoute({
      getParentRoute,
      path: '/alerts',
      component: lazyRouteComponent(() => import('./alerts-page.tsx'), 'AlertsPage'),
    }),
    createRoute({
      getParentRoute,
      path: '/alerts/$id',
      component: lazyRouteComponent(() => import('./alert-page.tsx'), 'AlertPage'),
    }),
  ];
}
