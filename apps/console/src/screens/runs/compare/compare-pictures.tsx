import { Paper, SimpleGrid, Text } from '@mantine/core';
import { lazy, Suspense, useMemo, useState } from 'react';
import { useApi } from '../../../app/use-api.ts';
import { outlineAddress } from '../../../canvas/steps-index.ts';
import { LoadingRows } from '../../../ui/loading.tsx';
import { overlayOf } from '../run/overlay.ts';
import type { RunView } from '../run/run-view.ts';
import { useOutline } from '../run/use-outline.ts';
import styles from './compare-pictures.module.css';
import type { Comparison } from './compare-words.ts';

const PlaybookCanvas = lazy(async () => ({
  default: (await import('../../../canvas/playbook-canvas.tsx')).PlaybookCanvas,
}));

/** Both runs on the pictures of what they followed, at the step where they part; what is selected in one is in both. */
export function Pictures({ compared: { a, b, first } }: { readonly compared: Comparison }) {
  const [selected, setSelected] = useState(outlineAddress(first?.step ?? ''));
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
      <Side name="A" run={a.id} {...{ selected, setSelected }} />
      <Side name="B" run={b.id} {...{ selected, setSelected }} />
    </SimpleGrid>
  );
}

interface SideProps {
  readonly name: string;
  readonly run: string;
  readonly selected: string;
  readonly setSelected: (address: string) => void;
}

function Side({ name, run, selected, setSelected }: SideProps) {
  const { data } = useApi('getRunOverview', { id: run });
  return (
    <Paper withBorder component="section" aria-label={`Picture of run ${name}`} className={styles.side ?? ''}>
      <Text size="xs" c="dimmed" className={styles.name ?? ''} aria-hidden>
        {name}
      </Text>
      {data?.known === false ? (
        <Text size="sm" c="dimmed" p="sm">
          The version that {name} followed is gone, and its picture with it.
        </Text>
      ) : data ? (
        <Picture name={name} run={data} {...{ selected, setSelected }} />
      ) : (
        <LoadingRows />
      )}
    </Paper>
  );
}

function Picture({ name, run, selected, setSelected }: Omit<SideProps, 'run'> & { readonly run: RunView }) {
  const outline = useOutline(run);
  const overlay = useMemo(() => overlayOf(run.steps, run.ended_at ?? Date.now()), [run]);
  if (!outline) return <LoadingRows />;
  return (
    <Suspense fallback={<LoadingRows />}>
      <PlaybookCanvas
        outline={outline}
        selected={selected}
        onSelect={setSelected}
        overlay={overlay}
        label={`What run ${name} did`}
      />
    </Suspense>
  );
}
