import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router';

/** The audit log. */
export function routes(parent: AnyRoute): readonly AnyRoute[] {
  return [
    createRoute({
      getParentRoute: () => parent,
      path: '/audit',
      component: lazyRouteComponent(() => import('./audit-page.tsx'), 'AuditPage'),
    }),
  ];
}
