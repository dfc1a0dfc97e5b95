import { Button, Text, type TextProps } from '@mantine/core';
import { useState } from 'react';
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

/** Shows a text of unknown origin: never markup, nothing hidden, never longer than is good for the page. */
export function Untrusted({ text, line = false, longest = 600, ...rest }: UntrustedProps) {
  const [all, setAll] = useState(false);
  const shown = text.slice(0, all ? MOST : longest);
  const parts = textParts(line ? shown.replace(/\s+/g, ' ') : shown);
  const cut = text.length > shown.length;
  return (
    <Text
      component="span"
      inherit
      {...rest}
      className={line ? styles.line : styles.block}
      {...(line ? { title: plainText(text, 400) } : {})}
    >
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
    </Text>
  );
}
