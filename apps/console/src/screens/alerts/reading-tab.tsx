import type { CallResult } from '@counterpoint/sdk';
import { Alert, Button, Group, SegmentedControl, Select, Stack, Text } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { useState } from 'react';
import { useApi } from '../../app/use-api.ts';
import { AppLink } from '../../ui/app-link.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { LoadingPanel } from '../../ui/loading.tsx';
import { bothTimes } from '../../ui/times.ts';
import { Untrusted } from '../../ui/untrusted.tsx';
import styles from './alerts.module.css';
import { Panel } from './panel.tsx';
import { RawSide } from './raw-side.tsx';
import { fieldsFrom, type ItemLine, nameOfField, shownValue } from './reading-lines.ts';

type Reading = CallResult<'getAlertReading'>;
type WholeAlert = CallResult<'getAlert'>;
type Field = Reading['fields'][number];

/** What is pointed at: a field, or a line of the raw side. */
type Pointed = { readonly target: string } | { readonly line: ItemLine } | undefined;

const NOWHERE: readonly string[] = [];
const MOST_SHOWN = 300;

/** A row is one button: what would unfold in it has no place there. */
function shortened(text: string): string {
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN - 1)}…` : text;
}

interface FieldRowProps {
  readonly field: Field;
  readonly marked: boolean;
  readonly onPoint: (target: string | undefined) => void;
}

function FieldRow({ field, marked, onPoint }: FieldRowProps) {
  const { target, from, value, line } = field;
  return (
    <li>
      <button
        type="button"
        className={styles.field}
        data-marked={marked || undefined}
        title={target}
        onMouseEnter={() => onPoint(target)}
        onMouseLeave={() => onPoint(undefined)}
        onFocus={() => onPoint(target)}
        onBlur={() => onPoint(undefined)}
      >
        <span>{nameOfField(target)}</span>
        <span className={styles.fieldValue}>
          <Untrusted text={shortened(shownValue(target, value))} longest={MOST_SHOWN} />
        </span>
        <span className={styles.fieldFrom}>
          <Untrusted text={shortened(from)} longest={MOST_SHOWN} />
          {line !== null && ` · line ${line}`}
        </span>
      </button>
    </li>
  );
}

function SideBySide({ reading }: { readonly reading: Reading }) {
  const [pointed, setPointed] = useState<Pointed>();
  const { fields, value } = reading;
  const target = pointed && 'target' in pointed ? pointed.target : undefined;
  const places = fields.find((field) => field.target === target)?.places ?? NOWHERE;
  const marked = pointed && 'line' in pointed ? fieldsFrom(pointed.line, fields) : NOWHERE;
  return (
    <div className={styles.sides}>
      <Panel title="As it came" flush>
        <RawSide
          value={value}
          places={places}
          follow={target !== undefined}
          onPoint={(line) => setPointed(line && { line })}
        />
      </Panel>
      <Panel
        title="As it was read"
        tools={
          <Text size="xs" c="dimmed" fw={400}>
            point at a field to see where it comes from
          </Text>
        }
        flush
      >
        <ul className={`${styles.list} ${styles.fields}`} aria-label="Fields">
          {fields.map((field) => (
            <FieldRow
              key={field.target}
              field={field}
              marked={marked.includes(field.target)}
              onPoint={(name) => setPointed(name === undefined ? undefined : { target: name })}
            />
          ))}
        </ul>
      </Panel>
    </div>
  );
}

function Version({ reading }: { readonly reading: Reading }) {
  const { normalizer } = reading;
  if (!normalizer) return null;
  const { id, version, current } = normalizer;
  if (version !== '' && version === current) {
    return (
      <Text size="sm" c="dimmed">
        Read by the normaliser <code>{id}</code>, version <code>{version.split('@')[1]}</code>, which reads now too.
      </Text>
    );
  }
  const text =
    version === ''
      ? 'It is not known which version read this input. What is shown is how it would be read now.'
      : current === ''
        ? 'The normaliser that read it is gone. What is shown is how it was read then.'
        : 'The normaliser has changed since: a new input like this may be read differently. What is shown is how it was read then.';
  return (
    <Alert color="orange" icon={<IconInfoCircle size={18} aria-hidden />} p="xs">
      {text} (<code>{version || id}</code>
      {current !== '' && version !== '' && (
        <>
          , now <code>{current}</code>
        </>
      )}
      )
    </Alert>
  );
}

function Received({ reading, onOffset }: { readonly reading: Reading; readonly onOffset: (offset: number) => void }) {
  const { text, offset, length } = reading;
  const end = offset + text.length;
  return (
    <>
      <CodeBlock text={text} label="raw input" longest={70_000} />
      {length > text.length && (
        <Group gap="sm">
          <Text size="sm" c="dimmed">
            Letters {(offset + 1).toLocaleString('en')} to {end.toLocaleString('en')} of {length.toLocaleString('en')}
          </Text>
          <Button size="compact-sm" variant="light" disabled={offset === 0} onClick={() => onOffset(0)}>
            To the beginning
          </Button>
          <Button size="compact-sm" variant="light" disabled={end >= length} onClick={() => onOffset(end)}>
            Go on
          </Button>
        </Group>
      )}
    </>
  );
}

const VIEWS = [
  { value: 'sides', label: 'Side by side' },
  { value: 'raw', label: 'As received' },
  { value: 'mapping', label: 'Mapping' },
];

function Content({
  reading,
  view,
  onOffset,
}: {
  readonly reading: Reading;
  readonly view: string;
  readonly onOffset: (offset: number) => void;
}) {
  if (view === 'raw') return <Received reading={reading} onOffset={onOffset} />;
  if (view === 'mapping') {
    return reading.normalizer ? <CodeBlock text={reading.normalizer.text} label="mapping" longest={100_000} /> : null;
  }
  if (reading.problem === '') return <SideBySide reading={reading} />;
  return (
    <>
      <Alert color="orange" icon={<IconInfoCircle size={18} aria-hidden />} p="xs">
        The fields cannot be shown beside the input: <Untrusted text={reading.problem} longest={200} />.
      </Alert>
      <Received reading={reading} onOffset={onOffset} />
    </>
  );
}

/** The raw input beside what was read from it, field by field, with the mapping that was used. */
export function ReadingTab({ alert }: { readonly alert: WholeAlert }) {
  const [chosen, setChosen] = useState<string | null>(null);
  const [offset, setOffset] = useState(0);
  const [view, setView] = useState('sides');
  const counted = alert.decisions.filter(({ item }) => item >= 0);
  const decision = counted.find(({ raw, item }) => `${raw}/${item}` === chosen);
  const query = { offset, ...(decision ? { raw: decision.raw, item: decision.item } : {}) };
  const reading = useApi('getAlertReading', { id: alert.id, query }, { keep: true });
  if (reading.error) return <ErrorPanel error={reading.error} retry={() => reading.refetch()} />;
  if (!reading.data) return <LoadingPanel />;
  return (
    <Stack gap="sm">
      <Group gap="sm" justify="space-between">
        <SegmentedControl size="xs" data={VIEWS} value={view} onChange={setView} aria-label="What is shown" />
        {counted.length > 1 && (
          <Select
            size="xs"
            aria-label="Which input"
            data={counted.map(({ raw, item, at }, index) => ({
              value: `${raw}/${item}`,
              label: `${index + 1}. ${bothTimes(at).slice(0, 19)}`,
            }))}
            value={chosen ?? `${reading.data.raw}/${reading.data.item}`}
            onChange={(next) => {
              setChosen(next);
              setOffset(0);
            }}
            allowDeselect={false}
          />
        )}
        <Text size="xs" c="dimmed">
          {reading.data.media_type}, {reading.data.size.toLocaleString('en')} bytes
          {reading.data.items > 1 && `, item ${reading.data.item + 1} of ${reading.data.items}`} ·{' '}
          <AppLink underline="always" to={`/trace/${encodeURIComponent(`raw:${reading.data.raw}`)}`}>
            trace
          </AppLink>
        </Text>
      </Group>
      <Version reading={reading.data} />
      <Content reading={reading.data} view={view} onOffset={setOffset} />
    </Stack>
  );
}
