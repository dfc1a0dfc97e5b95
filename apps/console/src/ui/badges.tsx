import { Badge, type MantineColor } from '@mantine/core';
import {
  IconAlertCircle,
  IconBan,
  IconBell,
  IconBolt,
  IconCheck,
  IconCircleDashed,
  IconEye,
  IconFlask,
  IconLoader2,
  IconPencil,
  IconPlayerPause,
  IconSkull,
  type TablerIcon,
} from '@tabler/icons-react';
import styles from './badges.module.css';
import { EFFECT_CLASSES, shownState, type Tone } from './states.ts';

const COLOURS: Readonly<Record<Tone, MantineColor>> = {
  good: 'teal',
  bad: 'red',
  warn: 'orange',
  busy: 'blue',
  calm: 'gray',
};

const TONE_ICONS: Readonly<Record<Tone, TablerIcon>> = {
  good: IconCheck,
  bad: IconAlertCircle,
  warn: IconPlayerPause,
  busy: IconLoader2,
  calm: IconCircleDashed,
};

interface ToneBadgeProps {
  readonly tone: Tone;
  readonly word: string;
  readonly icon?: TablerIcon;
  readonly means?: string;
}

/** A word with an icon, in one of the five tones. */
export function ToneBadge({ tone, word, icon, means }: ToneBadgeProps) {
  const Icon = icon ?? TONE_ICONS[tone];
  return (
    <Badge
      className={styles.badge}
      title={means}
      variant="light"
      color={COLOURS[tone]}
      size="sm"
      radius="sm"
      leftSection={<Icon size={12} aria-hidden />}
    >
      {word}
    </Badge>
  );
}

/** The state of a run, step, alert, case, effect, matter, participant, … */
export function StatusBadge({ state }: { readonly state: string }) {
  return <ToneBadge {...shownState(state)} />;
}

const SEVERITY_COLOURS: Readonly<Record<string, MantineColor>> = {
  fatal: 'red',
  critical: 'red',
  high: 'orange',
  medium: 'yellow',
  low: 'blue',
};

/** An OCSF severity. */
export function SeverityBadge({ severity }: { readonly severity: string }) {
  return (
    <Badge
      className={styles.badge}
      variant={severity === 'critical' || severity === 'fatal' ? 'filled' : 'light'}
      color={SEVERITY_COLOURS[severity] ?? 'gray'}
      size="sm"
      radius="sm"
    >
      {severity}
    </Badge>
  );
}

/** What is thought of an alert, a case or an observable. */
export function VerdictBadge({ verdict }: { readonly verdict: string }) {
  return verdict === 'unknown' ? (
    <ToneBadge tone="calm" word="no verdict" />
  ) : (
    <ToneBadge {...shownState(verdict)} icon={verdict === 'malicious' ? IconSkull : IconEye} />
  );
}

const EFFECT_ICONS: Readonly<Record<string, TablerIcon>> = {
  read: IconEye,
  notify: IconBell,
  change: IconPencil,
  contain: IconBan,
  destroy: IconBolt,
};

/** The class of an action: how much it can cut off. */
export function EffectBadge({ effect }: { readonly effect: string }) {
  const known = EFFECT_CLASSES[effect];
  return (
    <ToneBadge
      tone={known?.tone ?? 'calm'}
      word={effect}
      icon={EFFECT_ICONS[effect] ?? IconCircleDashed}
      {...(known ? { means: `${effect}: ${known.means}` } : {})}
    />
  );
}

/** Says that something only happened at a simulator; shows nothing otherwise. */
export function SimulatedMark({ simulated }: { readonly simulated: boolean }) {
  if (!simulated) return null;
  return (
    <Badge
      className={styles.badge}
      title="It happened at a simulator of the lab, not at a real product"
      variant="outline"
      color="grape"
      size="sm"
      radius="sm"
      leftSection={<IconFlask size={12} aria-hidden />}
    >
      lab
    </Badge>
  );
}
