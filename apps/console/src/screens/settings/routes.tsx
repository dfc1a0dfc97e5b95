import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router';

/** One's own account, and what this server is. */
export function routes(parent: AnyRoute): readonly AnyRoute[] {
  return [
    createRoute({
      getParentRoute: () => parent,
      path: '/settings',
      component: lazyRouteComponent(() => import('./settings-page.tsx'), 'SettingsPage'),
    }),
  ];
}
