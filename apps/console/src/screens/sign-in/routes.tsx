import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router';

/** Signing in; `?to=` is where people go afterwards. */
export function bareRoutes(parent: AnyRoute): readonly AnyRoute[] {
  return [
    createRoute({
      getParentRoute: () => parent,
      path: '/sign-in',
      component: lazyRouteComponent(() => import('./sign-in-page.tsx'), 'SignInPage'),
    }),
  ];
}
