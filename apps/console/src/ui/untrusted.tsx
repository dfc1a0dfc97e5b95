import { Button, Text, type TextProps } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { LookAlikes } from './look-alikes.tsx';
import styles from './untrusted.module.css';
import { plainText, textParts } from './untrusted-text.ts';

interface UntrustedProps extends TextProps {
  /** What a tool, a mail or a stranger wrote. */
  readonly text: string;
  /** One line, cut off where it does not fit; the whole of it as a tooltip. Default false. */
  readonly line?: boolean;
  /** Letters shown at first; default 600. */
  readonly longest?: number;
}

const MOST = 100_000;

interface FrameProps extends TextProps {
  readonly className: string | undefined;
  readonly title?: string;
  readonly children: ReactNode;
}

/** Mantine's text costs a list that scrolls more than all else in its cells: only where something of it is asked for. */
function Frame({ className, title, children, ...look }: FrameProps) {
  return Object.keys(look).length === 0 ? (
    <span className={className} title={title}>
      {children}
    </span>
  ) : (
    <Text component="span" inherit {...look} className={className ?? ''} title={title}>
      {children}
    </Text>
  );
}

/** Shows a text of unknown origin: never markup, nothing hidden, never longer than is good for the page. */
export function Untrusted({ text, line = false, longest = 600, ...rest }: UntrustedProps) {
  const [all, setAll] = useState(false);
  const shown = text.slice(0, all ? MOST : longest);
  const parts = textParts(line ? shown.replace(/\s+/g, ' ') : shown);
  const cut = text.length > shown.length;
  return (
    <Frame {...rest} className={line ? styles.line : styles.block} {...(line ? { title: plainText(text, 400) } : {})}>
      <LookAlikes text={shown} brief={line} />
      <bdi>
        {parts.map(({ at, text: part, mark }) =>
          mark === '' ? (
            part
          ) : (
            <span
              key={at}
              className={styles.mark}
              title="A character that is not shown, or that turns what is around it"
            >
              {mark}
            </span>
          ),
        )}
        {cut && line ? '…' : ''}
      </bdi>
      {cut && !line && !all && (
        <Button variant="subtle" size="compact-xs" onClick={() => setAll(true)}>
          … show all {text.length.toLocaleString('en')} letters
        </Button>
      )}
    </Frame>
  );
}
