import { Button, Group, Stack, Text } from '@mantine/core';
import { useDisclosure, useElementSize } from '@mantine/hooks';
import { IconHandStop } from '@tabler/icons-react';
import { useLayoutEffect } from 'react';
import { Confirm } from '../../ui/confirm.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { When } from '../../ui/when.tsx';
import styles from './kill-switch.module.css';
import { engagedFirst, switchWords } from './switch-words.ts';
import { useSwitches, useTurn } from './use-switches.ts';

type Switch = ReturnType<typeof useSwitches>['items'][number];

interface LineProps {
  readonly item: Switch;
  readonly title: string | undefined;
  readonly mayTurn: boolean;
}

function Line({ item, title, mayTurn }: LineProps) {
  const [asking, { open, close }] = useDisclosure();
  const turn = useTurn();
  const words = switchWords(item.id, title);
  return (
    <Group className={styles.line} justify="space-between" gap="sm" wrap="nowrap">
      <Group gap="sm" wrap="nowrap" className={styles.what}>
        <IconHandStop size={22} aria-hidden className={styles.hand} />
        <div className={styles.text}>
          <Text fw={650} size="sm" component="p">
            Stopped: {words.stopped}
          </Text>
          <Text size="xs" component="p">
            <Untrusted text={item.who} line longest={60} /> <When at={item.at} />:{' '}
            <Untrusted text={item.reason} longest={500} />
          </Text>
        </div>
      </Group>
      {mayTurn && (
        <Button size="xs" variant="white" className={styles.release} onClick={open}>
          Release
        </Button>
      )}
      <Confirm
        opened={asking}
        onClose={close}
        title={`Release: ${words.name}?`}
        verb="Release"
        reason="required"
        onConfirm={(reason) => turn.mutateAsync({ id: item.id, body: { engaged: false, reason } })}
      >
        What was refused meanwhile is not made up for. Look at the runs that failed, and decide about them.
      </Confirm>
    </Group>
  );
}

/** Space below the banner (px). */
const GAP = 12;

/** Tells screens that fill the window how much of it the banner takes. */
function useBannerHeight(): (element: HTMLDivElement | null) => void {
  const { ref, height } = useElementSize<HTMLDivElement>();
  useLayoutEffect(() => {
    const { style } = document.documentElement;
    style.setProperty('--cp-banner-height', `${height === 0 ? 0 : height + GAP}px`);
    return () => {
      style.removeProperty('--cp-banner-height');
    };
  }, [height]);
  return ref;
}

/** Says above every screen that something is stopped, by whom and why. Shows nothing while nothing is. */
export function KillSwitchBanner() {
  const switches = useSwitches();
  const engaged = engagedFirst(switches.items);
  return engaged.length === 0 ? null : <Banner engaged={engaged} {...switches} />;
}

interface BannerProps extends Pick<ReturnType<typeof useSwitches>, 'connectors' | 'mayTurn'> {
  readonly engaged: readonly Switch[];
}

function Banner({ engaged, connectors, mayTurn }: BannerProps) {
  const ref = useBannerHeight();
  return (
    <Stack ref={ref} gap={0} className={styles.banner} role="alert" aria-label="Kill switches that are engaged">
      {engaged.map((item) => (
        <Line
          key={item.id}
          item={item}
          title={connectors.find(({ id }) => `connector:${id}` === item.id)?.title}
          mayTurn={mayTurn}
        />
      ))}
    </Stack>
  );
}
