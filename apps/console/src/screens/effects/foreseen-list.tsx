import { Group, ScrollArea, Stack, Text } from '@mantine/core';
import { ToneBadge } from '../../ui/badges.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { wantedWords } from './effect-words.ts';
import styles from './effects.module.css';

interface ForeseenProps {
  readonly items: readonly {
    readonly effect: string;
    readonly title: string;
    readonly will: 'undo' | 'keep';
    readonly reason: string;
    readonly released: readonly string[];
  }[];
}

/** What an undo would do, change by change, before anybody confirms it. */
export function ForeseenList({ items }: ForeseenProps) {
  if (items.length === 0) return <Text size="sm">Nothing of it is in force any more.</Text>;
  const undone = items.filter(({ will }) => will === 'undo').length;
  return (
    <div>
      <Text size="sm" mb={6}>
        {undone === 0
          ? 'Nothing would be undone:'
          : items.length === 1
            ? 'This would be undone:'
            : `${undone} of ${items.length} changes would be undone, the last one first:`}
      </Text>
      <ScrollArea.Autosize mah={260} className={styles.foreseen ?? ''} tabIndex={0}>
        <Stack gap={0} component="ul" className={styles.plain}>
          {items.map(({ effect, title, will, reason, released }) => (
            <li key={effect} className={styles.foreseenItem}>
              <Group gap="xs" wrap="nowrap" align="flex-start">
                <ToneBadge tone={will === 'undo' ? 'warn' : 'calm'} word={will === 'undo' ? 'undo' : 'stays'} />
                <div className={styles.shrink}>
                  <Untrusted text={title} longest={160} />
                  {released.length > 1 && (
                    <Text size="xs" c="var(--cp-warn)" component="div">
                      <Untrusted text={wantedWords(released)} longest={300} />
                    </Text>
                  )}
                  {reason !== '' && (
                    <Text size="xs" c="dimmed" component="div">
                      <Untrusted text={reason} longest={200} />
                    </Text>
                  )}
                </div>
              </Group>
            </li>
          ))}
        </Stack>
      </ScrollArea.Autosize>
    </div>
  );
}
