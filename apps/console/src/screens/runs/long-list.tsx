import type { ReactNode } from 'react';
import styles from './long-list.module.css';

/** So many rows take the height that they need; more are drawn as far as they are seen. */
const FEW = 50;

interface LongListProps {
  readonly count: number;
  /** The table. @param flow whether it takes the height that its rows need */
  readonly children: (flow: boolean) => ReactNode;
}

/** Room for a list within a page: short ones grow with their rows, long ones scroll by themselves. */
export function LongList({ count, children }: LongListProps) {
  const flow = count <= FEW;
  return <div className={flow ? undefined : styles.tall}>{children(flow)}</div>;
}
