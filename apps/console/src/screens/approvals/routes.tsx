import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { staleOn } from '../../app/live.ts';

staleOn(['inbox'], ['listInbox', 'getInboxItem']);

/** What waits for people: approvals and questions. */
export function routes(parent: AnyRoute): readonly AnyRoute[] {
  const getParentRoute = () => parent;
  const page = lazyRouteComponent(() => import('./approvals-page.tsx'), 'ApprovalsPage');
  const matter = lazyRouteComponent(() => import('./matter-page.tsx'), 'MatterPage');
  return [
    createRoute({ getParentRoute, path: '/approvals', component: page }),
    createRoute({ getParentRoute, path: '/approvals/$id', component: matter }),
  ];
}
