import { IconBinaryTree2 } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { AppLink } from './app-link.tsx';
import styles from './ref.module.css';
import { placeOf } from './references.ts';
import { Untrusted } from './untrusted.tsx';

interface RefProps {
  /** What is named: `alert:…`, `run:…`, `effect:…`, `event:…`, `case:…`, `playbook:…`, `participant:…`, … */
  readonly to: string;
  /** How it is called; default: its kind and id. */
  readonly children?: ReactNode;
}

/** A link to whatever a reference names; plain text where there is no screen for it. */
export function Ref({ to, children }: RefProps) {
  const { kind, id, path } = placeOf(to);
  const text = children ?? <Untrusted text={kind === '' ? id : `${kind} ${id}`} line longest={80} />;
  if (path === undefined) return <span>{text}</span>;
  return <AppLink to={path}>{text}</AppLink>;
}

/** A link to the causal tree of something. */
export function TraceLink({ to, children = 'Trace' }: RefProps) {
  return (
    <AppLink to={`/trace/${encodeURIComponent(to)}`} underline="always" className={styles.trace ?? ''}>
      <IconBinaryTree2 size={14} aria-hidden />
      <span>{children}</span>
    </AppLink>
  );
}
