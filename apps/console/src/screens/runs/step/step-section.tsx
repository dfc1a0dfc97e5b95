import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import styles from './step-drawer.module.css';

/** A part of the drawer with its heading. */
export function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className={styles.section} aria-label={title}>
      <Text fw={600} size="sm" mb={4}>
        {title}
      </Text>
      {children}
    </section>
  );
}
