import { Button, FileButton, Group, Paper, Select, Stack, Text, Textarea } from '@mantine/core';
import { IconFileUpload } from '@tabler/icons-react';
import { type DragEvent, useState } from 'react';
import { useAction, useApi } from '../../app/use-api.ts';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { showError } from '../../ui/notices.tsx';
import { TriedReport } from './tried-report.tsx';
import styles from './try-input.module.css';

const LARGEST = 5_000_000;

interface TryInputProps {
  /** Id of a raw input to begin with. */
  readonly raw: string | undefined;
  /** Undefined: the one that detects it. */
  readonly normalizer: string | undefined;
  readonly onNormalizer: (normalizer: string | undefined) => void;
}

function useFile(onText: (text: string) => void) {
  const [over, setOver] = useState(false);
  const read = async (file: File | null | undefined) => {
    if (!file) return;
    if (file.size > LARGEST) {
      showError(new Error(`${file.name} is larger than 5 MB. Take a part of it.`));
      return;
    }
    onText(await file.text());
  };
  const drop = {
    onDragOver: (event: DragEvent) => {
      event.preventDefault();
      setOver(true);
    },
    onDragLeave: () => setOver(false),
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      setOver(false);
      void read(event.dataTransfer.files[0]);
    },
  };
  return { over, read, drop };
}

/** Paste a sample and see how it would be read; nothing is stored. */
export function TryInput({ raw, normalizer, onNormalizer }: TryInputProps) {
  const [typed, setTyped] = useState<string>();
  const received = useApi('getRaw', { id: raw ?? '' }, { enabled: raw !== undefined });
  const text = typed ?? received.data?.text ?? '';
  const { data } = useApi('listNormalizers', {});
  const attempt = useAction('tryIngest');
  const setText = (next: string) => {
    setTyped(next);
    // What was said about another text says nothing about this one.
    attempt.reset();
  };
  const { over, read, drop } = useFile(setText);
  const known = data?.items.map(({ id, title }) => ({ value: id, label: `${title} (${id})` })) ?? [];
  return (
    <Stack gap="md">
      <Paper withBorder p="md" className={styles.drop} data-over={over || undefined} {...drop}>
        <Stack gap="sm">
          <Textarea
            label="A sample of what the tool sends"
            description="JSON, a list, or one JSON value on each line. Paste it, or drop a file here. Nothing is stored."
            placeholder={'{ "title": "…", "src_ip": "…" }'}
            autosize
            minRows={8}
            maxRows={20}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            classNames={{ input: styles.text }}
            spellCheck={false}
          />
          <Group justify="space-between" align="flex-end">
            <Select
              label="Read it with"
              data={known}
              value={normalizer ?? null}
              placeholder="whichever detects it"
              clearable
              clearButtonProps={{ 'aria-label': 'Let it be detected' }}
              onChange={(next) => onNormalizer(next ?? undefined)}
            />
            <Group gap="xs">
              <FileButton onChange={(file) => void read(file)} accept=".json,.jsonl,.ndjson,.txt,.log">
                {(props) => (
                  <Button {...props} variant="default" leftSection={<IconFileUpload size={16} />}>
                    Take a file
                  </Button>
                )}
              </FileButton>
              <Button
                disabled={text.trim() === ''}
                loading={attempt.isPending}
                onClick={() => attempt.mutate({ body: { text, ...(normalizer ? { normalizer } : {}) } })}
              >
                Read it
              </Button>
            </Group>
          </Group>
        </Stack>
      </Paper>
      {received.error && typed === undefined ? (
        <ErrorPanel error={received.error} title="What was sent could not be read" retry={received.refetch} />
      ) : null}
      {attempt.data ? (
        <TriedReport report={attempt.data} />
      ) : (
        <Text size="sm" c="dimmed">
          Shown then: which normaliser reads it, what becomes of each item, every field with the place that it was taken
          from, and the observables.
        </Text>
      )}
    </Stack>
  );
}
