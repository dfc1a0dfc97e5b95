import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { staleOn } from '../../app/live.ts';

staleOn(['run'], ['listPlaybooks']);

/** The list of playbooks, and one of them: editor, versions, tests, runs. */
export function routes(parent: AnyRoute): readonly AnyRoute[] {
  const getParentRoute = () => parent;
  return [
    createRoute({
      getParentRoute,
      path: '/playbooks',
      component: lazyRouteComponent(() => import('./list/playbooks-page.tsx'), 'PlaybooksPage'),
    }),
    createRoute({
      getParentRoute,
      path: '/playbooks/$id',
      component: lazyRouteComponent(() => import('./playbook-page.tsx'), 'PlaybookPage'),
    }),
  ];
}
