import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { staleOn } from '../../app/live.ts';

staleOn(['alert', 'run', 'case', 'effect', 'inbox', 'event'], ['followStory']);

/** The first run: the owner, a story, what comes next. */
export function bareRoutes(parent: AnyRoute): readonly AnyRoute[] {
  return [
    createRoute({
      getParentRoute: () => parent,
      path: '/welcome',
      component: lazyRouteComponent(() => import('./welcome-page.tsx'), 'WelcomePage'),
    }),
  ];
}
