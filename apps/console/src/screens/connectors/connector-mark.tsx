import styles from './catalogue.module.css';
import { letterMark } from './words.ts';

/** Two letters in a square: what stands for a connector where others show a logo. */
export function ConnectorMark({ title, kind }: { readonly title: string; readonly kind: string }) {
  return (
    <span className={styles.mark} data-kind={kind} aria-hidden>
      {letterMark(title)}
    </span>
  );
}
