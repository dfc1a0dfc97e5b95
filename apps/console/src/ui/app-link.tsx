import { Anchor, type AnchorProps } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { type ReactNode, useCallback } from 'react';

/** A path with its query, as the router takes them. */
export function splitPath(path: string): { readonly to: string; readonly search: never } {
  const [to = '/', query = ''] = path.split('?');
  return { to, search: Object.fromEntries(new URLSearchParams(query)) as never };
}

interface AppLinkProps extends AnchorProps {
  /** Path of a screen, with or without a query: `/runs?status=failed`. */
  readonly to: string;
  readonly children: ReactNode;
}

/** A link to a screen. */
export function AppLink({ to, children, ...rest }: AppLinkProps) {
  return (
    <Anchor inherit {...rest} component={Link} {...splitPath(to)}>
      {children}
    </Anchor>
  );
}

/** A function that goes to the path of a screen. */
export function useGo(): (path: string) => void {
  const navigate = useNavigate();
  return useCallback((path: string) => void navigate(splitPath(path)), [navigate]);
}
