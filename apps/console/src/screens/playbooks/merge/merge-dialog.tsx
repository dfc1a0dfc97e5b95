import { Button, Group, Modal, Paper, SegmentedControl, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { client } from '../../../app/client.ts';
import { ErrorPanel } from '../../../ui/error-panel.tsx';
import { LoadingPanel } from '../../../ui/loading.tsx';
import { Untrusted } from '../../../ui/untrusted.tsx';
import { By } from '../by.tsx';
import { type Editing, readSaved, type SavedBy } from '../editor/editing.ts';
import { DiffView } from '../versions/diff-view.tsx';
import { applyChoices, type Choice, type Merge } from './merge-choices.ts';
import classes from './merge-dialog.module.css';

interface Props {
  readonly editing: Editing;
  readonly onClose: () => void;
}

/** Two people changed one draft: shows both changes brought together, and lets the rest be decided. Nothing is lost. */
export function MergeDialog({ editing, onClose }: Props) {
  const { id, saver, model } = editing;
  const merge = useQuery({
    queryKey: ['merge', id],
    queryFn: async () => {
      const theirs = await readSaved(id);
      const body = { base: saver.saved().source, mine: model.text(), theirs: theirs.source };
      return { theirs, merge: await client.mergePlaybook({ body }) };
    },
    gcTime: 0,
    retry: false,
  });
  return (
    <Modal opened onClose={onClose} title="Two people changed this draft" size="90%">
      {merge.isPending && <LoadingPanel />}
      {merge.error && <ErrorPanel error={merge.error} retry={merge.refetch} />}
      {merge.data && <Decide editing={editing} onClose={onClose} {...merge.data} />}
    </Modal>
  );
}

interface DecideProps extends Props {
  readonly theirs: SavedBy;
  readonly merge: Merge;
}

function Decide({ editing, onClose, theirs, merge }: DecideProps) {
  const [choices, setChoices] = useState<readonly (Choice | undefined)[]>(() => merge.conflicts.map(() => undefined));
  const result = useMemo(() => applyChoices(merge, choices), [merge, choices]);
  const open = choices.filter((choice) => choice === undefined).length;
  const take = () => {
    editing.takeOver(result, theirs);
    onClose();
  };
  return (
    <Stack gap="md">
      <Text size="sm">
        {theirs.by === '' ? 'Another version was published' : <By who={theirs.by} />}
        {theirs.by === '' ? '' : ' saved this draft'} after you had opened it.{' '}
        {merge.conflicts.length === 0
          ? 'The changes do not touch each other: both are in the text below.'
          : 'What does not collide is in the text already; choose what stands where both changed the same lines.'}
      </Text>
      {merge.conflicts.map((conflict, at) => (
        <Conflict
          key={`${conflict.from}:${conflict.base}`}
          conflict={conflict}
          choice={choices[at]}
          onChoose={(choice) => setChoices(choices.map((one, row) => (row === at ? choice : one)))}
        />
      ))}
      <div>
        <Text size="sm" fw={600} mb={4}>
          What you change in their text
        </Text>
        <div className={classes.result}>
          <DiffView before={theirs.source} after={result} label="The text that comes of it" />
        </div>
      </div>
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Not now
        </Button>
        <Button disabled={open > 0} onClick={take}>
          {open > 0 ? `${open} still to choose` : 'Take this text'}
        </Button>
      </Group>
    </Stack>
  );
}

interface ConflictProps {
  readonly conflict: Merge['conflicts'][number];
  readonly choice: Choice | undefined;
  readonly onChoose: (choice: Choice) => void;
}

function Conflict({ conflict, choice, onChoose }: ConflictProps) {
  return (
    <Paper withBorder p="sm">
      <div className={classes.sides}>
        <Side title="Mine" text={conflict.mine} chosen={choice === 'mine' || choice === 'both'} />
        <Side title="Theirs" text={conflict.theirs} chosen={choice === 'theirs' || choice === 'both'} />
      </div>
      <SegmentedControl
        mt="xs"
        size="xs"
        aria-label="What stands here"
        value={choice ?? ''}
        onChange={(value) => onChoose(value as Choice)}
        data={[
          { value: 'mine', label: 'Mine' },
          { value: 'theirs', label: 'Theirs' },
          { value: 'both', label: 'Mine, then theirs' },
        ]}
      />
    </Paper>
  );
}

function Side({ title, text, chosen }: { readonly title: string; readonly text: string; readonly chosen: boolean }) {
  return (
    <div className={classes.side} data-chosen={chosen || undefined}>
      <Text size="xs" fw={600} c="dimmed">
        {title}
      </Text>
      <pre className={classes.text}>{text === '' ? '(taken out)' : <Untrusted text={text} longest={4_000} />}</pre>
    </div>
  );
}
