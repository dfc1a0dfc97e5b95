import { Autocomplete, Button, Group, JsonInput, Paper, SimpleGrid, Stack, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useAction, useApi } from '../../../app/use-api.ts';
import { ErrorPanel } from '../../../ui/error-panel.tsx';
import { text } from '../../../ui/url-fields.ts';
import { useUrlState } from '../../../ui/url-state.ts';
import { FabricPage } from '../parts/fabric-page.tsx';
import { Answer } from './answer.tsx';
import { type Draft, draftOf, isLarge, readData, typed } from './draft.ts';

const search = {
  topic: text(''),
  /** An event that the form begins with. */
  event: text(''),
};

const EMPTY: Draft = { topic: '', participant: 'server', data: '{}' };

type Change = (fields: Partial<Draft>) => void;

/** Begins with an event, or with a topic and its example, as the address says. */
function useDraft() {
  const [state] = useUrlState(search);
  const [draft, setDraft] = useState<Draft>(() => ({ ...EMPTY, topic: state.topic }));
  const topics = useApi('listTopics', {});
  const event = useApi('getEvent', { id: state.event }, { enabled: state.event !== '' });
  const [begun, setBegun] = useState('');
  const wished = `${state.event} ${state.topic}`;
  useEffect(() => {
    if (begun === wished) return;
    if (state.event !== '' && event.data) {
      setDraft({ ...EMPTY, ...draftOf(event.data) });
      setBegun(wished);
    } else if (state.event === '' && topics.data) {
      const topic = topics.data.items.find((one) => one.topic === state.topic);
      if (topic) setDraft((before) => ({ ...before, ...draftOf({ topic: topic.topic, data: topic.example ?? {} }) }));
      setBegun(wished);
    }
  }, [begun, wished, state, event.data, topics.data]);
  const change: Change = (fields) => setDraft((before) => ({ ...before, ...fields }));
  const reading = topics.isPending || (state.event !== '' && event.isPending);
  return { draft, change, topics: topics.data?.items ?? [], reading, error: event.error };
}

type Topics = ReturnType<typeof useDraft>['topics'];

function Samples({
  draft,
  change,
  topics,
}: {
  readonly draft: Draft;
  readonly change: Change;
  readonly topics: Topics;
}) {
  const topic = topics.find((one) => one.topic === draft.topic);
  const last = useApi('listRecentEvents', { query: { topic: draft.topic, limit: 1 } }, { enabled: draft.topic !== '' });
  const [event] = last.data?.items ?? [];
  return (
    <Group gap="xs">
      <Button
        size="compact-sm"
        variant="default"
        disabled={!topic || topic.example === null}
        onClick={() => topic && change(draftOf({ topic: topic.topic, data: topic.example ?? {} }))}
      >
        Made-up data
      </Button>
      <Button size="compact-sm" variant="default" disabled={!event} onClick={() => event && change(draftOf(event))}>
        The last event
      </Button>
    </Group>
  );
}

interface FormProps {
  readonly draft: Draft;
  readonly change: Change;
  readonly topics: Topics;
  readonly busy: boolean;
  readonly onAsk: () => void;
}

function Form({ draft, change, topics, busy, onAsk }: FormProps) {
  const participants = useApi('listParticipants', { query: { limit: 500 } });
  const problem = readData(draft.data).problem;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onAsk();
      }}
    >
      <Stack gap="sm">
        <Autocomplete
          label="Topic"
          required
          limit={30}
          maxLength={800}
          data={topics.map(({ topic }) => topic)}
          value={draft.topic}
          onChange={(topic) => change({ topic })}
        />
        <Autocomplete
          label="Published by"
          description="A participant, or server: whether it is believed depends on who says it"
          limit={30}
          maxLength={200}
          data={['server', ...(participants.data?.items.map(({ id }) => id) ?? [])]}
          value={draft.participant}
          onChange={(participant) => change({ participant })}
        />
        <Samples draft={draft} change={change} topics={topics} />
        <JsonInput
          label="Data"
          description="A whole event that is pasted here is taken apart"
          rows={16}
          resize="vertical"
          spellCheck={false}
          formatOnBlur={!isLarge(draft.data)}
          error={problem}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 13 } }}
          value={draft.data}
          onChange={(text) => change(typed(text))}
        />
        <Group>
          <Button type="submit" loading={busy} disabled={draft.topic === '' || problem !== undefined}>
            What would happen?
          </Button>
          <Text size="xs" c="dimmed">
            Nothing is published and nothing happens.
          </Text>
        </Group>
      </Stack>
    </form>
  );
}

/** The answer is about something else than what is typed now. */
function Outdated() {
  return (
    <Text size="sm" c="dimmed" mb="xs">
      The event was changed since; ask again to see what would happen now.
    </Text>
  );
}

/** Which reactions and playbooks would take an event, and what each would do. */
export function WhatIfPage() {
  const { draft, change, topics, reading, error } = useDraft();
  const ask = useAction('whatIf');
  const [asked, setAsked] = useState<Draft>();
  const onAsk = () => {
    const { topic, participant } = draft;
    setAsked(draft);
    ask.mutate({ body: { topic, participant: participant.trim() || 'server', data: readData(draft.data).data } });
  };
  return (
    <FabricPage title="What would happen if…" about="Ask what an event would set off, before anybody publishes it">
      {error && <ErrorPanel error={error} title="The event could not be read" />}
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
        <Paper withBorder p="md">
          <Form draft={draft} change={change} topics={topics} busy={reading || ask.isPending} onAsk={onAsk} />
        </Paper>
        <Paper withBorder p="md" aria-live="polite" component="section" aria-label="Answer">
          {ask.data ? (
            <>
              {asked !== draft && <Outdated />}
              <Answer answer={ask.data} />
            </>
          ) : (
            <Text size="sm" c="dimmed">
              The answer comes here: who would take the event, who would leave it and why, and every step of what would
              be done. Conditions, trust and hop budgets are looked at; rates and storm breakers are not, since they
              depend on what comes in between.
            </Text>
          )}
        </Paper>
      </SimpleGrid>
    </FabricPage>
  );
}
