import { IconBolt, IconEye, IconHandStop } from '@tabler/icons-react';
import { ToneBadge } from '../../../ui/badges.tsx';
import { MODES } from '../parts/words.ts';

const ICONS: Readonly<Record<string, typeof IconEye>> = { observe: IconEye, ask: IconHandStop, act: IconBolt };

/** What a reaction does with events: observes, asks people, or acts. */
export function ModeBadge({ mode }: { readonly mode: string }) {
  const known = MODES[mode];
  return (
    <ToneBadge
      tone={mode === 'act' ? 'busy' : mode === 'ask' ? 'warn' : 'calm'}
      word={known?.word ?? (mode || 'unknown')}
      {...(ICONS[mode] ? { icon: ICONS[mode] } : {})}
      {...(known ? { means: known.means } : {})}
    />
  );
}
