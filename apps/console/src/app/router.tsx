import { Button } from '@mantine/core';
import { IconError404 } from '@tabler/icons-react';
import { type AnyRoute, createRootRoute, createRoute, createRouter, Link } from '@tanstack/react-router';
import { EmptyState } from '../ui/empty-state.tsx';
import { LoadingPanel } from '../ui/loading.tsx';
import { Page } from '../ui/page.tsx';
import { FailedScreen } from './failed-screen.tsx';
import { loadAnew, partsAreLost } from './lost-parts.ts';
import { Shell } from './shell.tsx';

/** What `routes.tsx` of a folder of screens exports. */
interface ScreenRoutes {
  /** Routes inside the frame, with navigation, for people who are signed in. */
  readonly routes?: (parent: AnyRoute) => readonly AnyRoute[];
  /** Routes outside of it: signing in, first run. */
  readonly bareRoutes?: (parent: AnyRoute) => readonly AnyRoute[];
}

const screens = Object.values(import.meta.glob<ScreenRoutes>('../screens/*/routes.tsx', { eager: true }));

function NotFound() {
  return (
    <Page title="Nothing is here">
      <EmptyState
        icon={IconError404}
        title="No screen has this address"
        action={
          <Button component={Link} to="/" variant="light">
            To the overview
          </Button>
        }
      >
        It may be mistyped, or what it named is gone.
      </EmptyState>
    </Page>
  );
}

const root = createRootRoute({ notFoundComponent: NotFound });
const shell = createRoute({ getParentRoute: () => root, id: 'shell', component: Shell });
const nothing = createRoute({ getParentRoute: () => shell, path: '$', component: NotFound });
const inside = screens.flatMap((screen) => screen.routes?.(shell) ?? []);
const outside = screens.flatMap((screen) => screen.bareRoutes?.(root) ?? []);

/** Every screen of the console; each folder of `screens/` brings its own. */
export const router = createRouter({
  routeTree: root.addChildren([shell.addChildren([...inside, nothing]), ...outside]),
  defaultPreload: 'intent',
  defaultPreloadStaleTime: 0,
  defaultPendingMs: 50,
  defaultPendingMinMs: 0,
  defaultPendingComponent: LoadingPanel,
  defaultErrorComponent: FailedScreen,
  defaultNotFoundComponent: NotFound,
  scrollRestoration: true,
});

// What could not be fetched once, such as a style sheet, is not asked for again before the page is loaded anew.
router.subscribe('onResolved', ({ pathChanged }) => {
  if (pathChanged && partsAreLost()) void loadAnew('itself');
});
