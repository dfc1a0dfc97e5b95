import type { ReactNode } from 'react';
import styles from './alerts.module.css';

interface PanelProps {
  readonly title: ReactNode;
  /** Right of the title. */
  readonly tools?: ReactNode;
  /** Leaves out the space around the content. Default false. */
  readonly flush?: boolean;
  readonly children: ReactNode;
}

/** A part of a page with a heading. */
export function Panel({ title, tools, flush = false, children }: PanelProps) {
  return (
    <section className={styles.panel}>
      <div className={styles.panelHead}>
        <span>{title}</span>
        {tools}
      </div>
      {flush ? children : <div className={styles.panelBody}>{children}</div>}
    </section>
  );
}
