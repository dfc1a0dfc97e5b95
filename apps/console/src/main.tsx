import './app/trusted-types.ts';
import '@mantine/core/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import '@mantine/spotlight/styles.layer.css';
import './app/global.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { cspNonce } from './app/nonce.ts';
import { queryClient } from './app/query-client.ts';
import { router } from './app/router.tsx';
import { askForSession } from './app/session.tsx';
import { cssVariables, theme } from './app/theme.ts';

// The scroll lock of dialogs and drawers adds a style by itself, and looks for its nonce here.
Object.assign(globalThis, { __webpack_nonce__: cspNonce() });

const place = document.getElementById('root');
if (place) {
  askForSession();
  createRoot(place).render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariables}
        defaultColorScheme="auto"
        getStyleNonce={cspNonce}
      >
        {/* On the left: the buttons of dialogs and drawers are on the right. */}
        <Notifications position="bottom-left" limit={4} />
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
}
