import { IconCertificate } from '@tabler/icons-react';
import { ToneBadge } from '../../ui/badges.tsx';
import { GRADES, type Grade, type Health, healthWords, nextGrade } from './words.ts';

/** Whether a connection works. */
export function HealthBadge({ state }: { readonly state: Health['state'] }) {
  const { word, tone, means } = healthWords(state);
  return <ToneBadge tone={tone} word={word} means={means} />;
}

/** How far a connector is proven. */
export function GradeBadge({ grade }: { readonly grade: Grade }) {
  const { word, tone, means } = GRADES[grade.letter];
  const next = nextGrade(grade);
  const lacks = next
    ? ` For ${next.letter} ${next.missing.length === 1 ? 'one thing is' : 'some things are'} missing.`
    : '';
  return <ToneBadge tone={tone} word={word} means={`${means}${lacks}`} icon={IconCertificate} />;
}
