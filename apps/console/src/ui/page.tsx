import { Anchor, Breadcrumbs, Group, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useEffect } from 'react';
import styles from './page.module.css';
import { plainText } from './untrusted-text.ts';

interface PageProps {
  /** Name of the screen or of what it shows; may be of unknown origin. */
  readonly title: string;
  /** Beside the title: badges. */
  readonly marks?: ReactNode;
  /** Under the title: who, when, why. */
  readonly about?: ReactNode;
  /** Right of the title: buttons. */
  readonly actions?: ReactNode;
  /** The screens above this one. */
  readonly above?: readonly { readonly title: string; readonly path: string }[];
  /** Takes the whole height, and scrolls inside (lists, maps, editors). Default false. */
  readonly fill?: boolean;
  readonly children: ReactNode;
}

/** The frame of every screen: breadcrumbs, title, actions, content; names the browser tab. */
export function Page({ title, marks, about, actions, above = [], fill = false, children }: PageProps) {
  const shown = plainText(title, 160);
  useEffect(() => {
    document.title = `${shown} · Counterpoint`;
  }, [shown]);
  return (
    <Stack className={fill ? styles.fill : styles.page} gap="sm">
      <div>
        {above.length > 0 && (
          <Breadcrumbs separator="›" mb={2} className={styles.crumbs}>
            {above.map((place) => (
              <Anchor key={place.path} component={Link} to={place.path} size="xs" c="dimmed">
                {place.title}
              </Anchor>
            ))}
          </Breadcrumbs>
        )}
        <Group justify="space-between" align="flex-start" gap="sm">
          <Group gap="xs" className={styles.heading}>
            <Title order={1} size="h3" className={styles.title}>
              <bdi>{shown}</bdi>
            </Title>
            {marks}
          </Group>
          {actions && <Group gap="xs">{actions}</Group>}
        </Group>
        {about && (
          <Text size="sm" c="dimmed" component="div" mt={2}>
            {about}
          </Text>
        )}
      </div>
      {children}
    </Stack>
  );
}
