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
import type { ReactNode } from 'react';
import styles from './badges.module.css';
import { EFFECT_CLASSES, shownEffect, shownState, type Tone } from './states.ts';

type Colour = 'teal' | 'red' | 'orange' | 'yellow' | 'blue' | 'gray' | 'grape';

interface PlainBadgeProps {
  readonly colour: Colour;
  readonly look?: 'light' | 'filled' | 'outline';
  readonly icon?: TablerIcon;
  readonly title?: string;
  readonly children: ReactNode;
}

/** Looks like Mantine's badge, and is two elements: lists draw hundreds of them while somebody scrolls. */
function PlainBadge({ colour, look = 'light', icon: Icon, title, children }: PlainBadgeProps) {
  return (
    <span className={styles.badge} data-colour={colour} data-look={look} title={title}>
      {Icon && <Icon size={12} aria-hidden />}
      <span className={styles.word}>{children}</span>
    </span>
  );
}

const COLOURS: Readonly<Record<Tone, Colour>> = {
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
  return (
    <PlainBadge colour={COLOURS[tone]} icon={icon ?? TONE_ICONS[tone]} title={means}>
      {word}
    </PlainBadge>
  );
}

/** The state of a run, step, alert, case, matter, participant, … */
export function StatusBadge({ state }: { readonly state: string }) {
  return <ToneBadge {...shownState(state)} />;
}

interface EffectStateProps {
  readonly effect: { readonly state: string; readonly ended_at: number | null };
}

/** The state of an effect, which is in force only while it lasts. */
export function EffectState({ effect: { state, ended_at } }: EffectStateProps) {
  return <ToneBadge {...shownEffect(state, ended_at)} />;
}

const SEVERITY_COLOURS: Readonly<Record<string, Colour>> = {
  fatal: 'red',
  critical: 'red',
  high: 'orange',
  medium: 'yellow',
  low: 'blue',
};

/** An OCSF severity. */
export function SeverityBadge({ severity }: { readonly severity: string }) {
  return (
    <PlainBadge
      colour={SEVERITY_COLOURS[severity] ?? 'gray'}
      look={severity === 'critical' || severity === 'fatal' ? 'filled' : 'light'}
    >
      {severity}
    </PlainBadge>
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
    <PlainBadge
      colour="grape"
      look="outline"
      icon={IconFlask}
      title="It happened at a simulator of the lab, not at a real product"
    >
      lab
    </PlainBadge>
  );
}
