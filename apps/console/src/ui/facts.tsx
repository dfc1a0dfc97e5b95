import type { ReactNode } from 'react';
import styles from './facts.module.css';

/** What is known about a thing: pairs of `dt` and `dd`, side by side; on a phone one below the other. */
export function Facts({ children }: { readonly children: ReactNode }) {
  return <dl className={styles.facts}>{children}</dl>;
}
