import { Affix, Group, Paper, Text } from '@mantine/core';
import { IconClockPause } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { absoluteTime } from '../ui/times.ts';
import { useNow } from '../ui/when.tsx';
import { watchAttendance } from './attendance.ts';
import { rereadSession, useSession } from './session.tsx';
import { type Ending, nearEnding } from './session-ending.ts';

/** The end that is near, as the server sees it. */
function useEnding(): Ending | undefined {
  const ending = nearEnding(useSession(), useNow());
  const [sure, setSure] = useState<number>();
  const at = ending?.at;
  useEffect(() => {
    if (at === undefined) return;
    // The session may have been used since its end was read: by this page, or by another tab.
    void rereadSession().then(() => setSure(at));
  }, [at]);
  return ending?.at === sure ? ending : undefined;
}

const WORDS = {
  idle: {
    title: 'Are you still there?',
    help: 'Nobody has touched this page for a while. Move the mouse or press a key to stay signed in.',
  },
  absolute: {
    title: 'Your session comes to its end.',
    help: 'However busy it is, you sign in anew after so long. The page stays, and what you type is kept.',
  },
} as const;

/** Keeps the session of somebody who only reads alive, and says when it is about to end. */
export function SessionEnd() {
  useEffect(() => watchAttendance(() => void rereadSession()), []);
  const ending = useEnding();
  if (!ending) return null;
  const { title, help } = WORDS[ending.why];
  return (
    <Affix position={{ bottom: 16, left: 16, right: 16 }}>
      <Paper withBorder shadow="md" p="sm" maw={520} mx="auto" role="alert">
        <Group wrap="nowrap" align="flex-start" gap="sm">
          <IconClockPause size={22} aria-hidden color="var(--cp-warn)" style={{ flex: 'none' }} />
          <div>
            <Text fw={600} size="sm">
              {title} You are signed out at {absoluteTime(ending.at).slice(11)}.
            </Text>
            <Text size="sm" c="dimmed">
              {help}
            </Text>
          </div>
        </Group>
      </Paper>
    </Affix>
  );
}
