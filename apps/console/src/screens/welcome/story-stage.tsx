import { Button, Group, Paper, Stack, Text } from '@mantine/core';
import { IconPlayerPlayFilled } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useAction } from '../../app/use-api.ts';
import { text } from '../../ui/url-fields.ts';
import { useUrlState } from '../../ui/url-state.ts';
import { noteDone } from './checklist-notes.ts';
import { PlayedAct } from './played-act.tsx';
import type { Stories } from './stories.ts';
import styles from './welcome.module.css';

type Story = Stories[number];

const address = {
  story: text(),
  act: text(),
  trace: (written: unknown) => (typeof written === 'string' && /^[0-9a-f]{32}$/.test(written) ? written : undefined),
};

/** Stories to choose from, and beside them what the one that was played leads to. */
export function StoryStage({ stories }: { readonly stories: Stories }) {
  const [place, go] = useUrlState(address);
  const stage = useRef<HTMLDivElement>(null);
  const story = stories.find(({ id }) => id === place.story) ?? stories[0];
  if (!story) return null;
  const choose = (id: string) => {
    go({ story: id, act: undefined, trace: undefined });
    // Below the list where there is no room beside it.
    stage.current?.scrollIntoView({ block: 'nearest' });
  };
  return (
    <div className={styles.stage}>
      <StoryList stories={stories} chosen={story} onChoose={choose} />
      <div ref={stage}>
        <Stage key={story.id} story={story} act={place.act} trace={place.trace} onPlayed={go} />
      </div>
    </div>
  );
}

interface StoryListProps {
  readonly stories: Stories;
  readonly chosen: Story;
  readonly onChoose: (id: string) => void;
}

function StoryList({ stories, chosen, onChoose }: StoryListProps) {
  return (
    <ul className={styles.stories} aria-label="Stories">
      {stories.map(({ id, title, acts }) => (
        <li key={id}>
          <button type="button" className={styles.story} aria-pressed={id === chosen.id} onClick={() => onChoose(id)}>
            <span className={styles.storyTitle}>{title}</span>
            <span className={styles.storyActs}>{acts.length === 1 ? 'One act' : `${acts.length} acts`}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

interface StageProps {
  readonly story: Story;
  readonly act: string | undefined;
  readonly trace: string | undefined;
  readonly onPlayed: (place: { readonly story: string; readonly act: string; readonly trace: string }) => void;
}

function Stage({ story, act, trace, onPlayed }: StageProps) {
  const play = useAction('playStory', {
    refresh: ['status', 'listRuns', 'listEffects'],
    onDone: ({ story: id, act: played, trace: begun }) => {
      noteDone('played');
      onPlayed({ story: id, act: played, trace: begun });
    },
  });
  const played = story.acts.findIndex(({ id }) => id === act);
  const [over, setOver] = useState(false);
  useEffect(() => setOver(trace === undefined), [trace]);
  const next = story.acts[played + 1];
  const start = (which: string) => play.mutate({ id: story.id, body: { act: which } });
  return (
    <Stack gap="md">
      <Paper withBorder p="md">
        <Text fw={600}>{story.title}</Text>
        <Text size="sm" c="dimmed" mt={4}>
          {story.plot}
        </Text>
        {trace === undefined && next && (
          <Button
            mt="md"
            leftSection={<IconPlayerPlayFilled size={14} aria-hidden />}
            loading={play.isPending}
            onClick={() => start(next.id)}
          >
            {story.acts.length > 1 ? `Play act 1: ${next.title}` : 'Play'}
          </Button>
        )}
      </Paper>
      {trace !== undefined && story.acts[played] && (
        <PlayedAct
          story={story.id}
          act={story.acts[played]}
          trace={trace}
          number={story.acts.length > 1 ? played + 1 : undefined}
          onOver={setOver}
        />
      )}
      {trace !== undefined && (
        <Group gap="sm">
          {next && (
            <Button
              loading={play.isPending}
              variant={over ? 'filled' : 'default'}
              onClick={() => start(next.id)}
              leftSection={<IconPlayerPlayFilled size={14} aria-hidden />}
            >
              {`Play act ${played + 2}: ${next.title}`}
            </Button>
          )}
          {story.acts[0] && (
            <Button variant="default" loading={play.isPending} onClick={() => start(story.acts[0]?.id ?? '')}>
              Play it again
            </Button>
          )}
        </Group>
      )}
    </Stack>
  );
}
