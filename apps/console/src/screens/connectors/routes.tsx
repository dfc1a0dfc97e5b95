import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { staleOn } from '../../app/live.ts';

staleOn(['effect'], ['getConnection', 'listConnections', 'listConnectors']);
staleOn(['participant'], ['listConnectors', 'getConnector']);

/** The catalogue of connectors, what each can do, and the connections that are set up. */
export function routes(parent: AnyRoute): readonly AnyRoute[] {
  const getParentRoute = () => parent;
  return [
    createRoute({
      getParentRoute,
      path: '/connectors',
      component: lazyRouteComponent(() => import('./catalogue-page.tsx'), 'CataloguePage'),
    }),
    createRoute({
      getParentRoute,
      path: '/connectors/$id',
      component: lazyRouteComponent(() => import('./connector-page.tsx'), 'ConnectorPage'),
    }),
    createRoute({
      getParentRoute,
      path: '/connections/$id',
      component: lazyRouteComponent(() => import('./connection-page.tsx'), 'ConnectionPage'),
    }),
  ];
}
