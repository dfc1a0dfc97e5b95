import { EffectBadge, EffectState, SimulatedMark, ToneBadge } from '../../ui/badges.tsx';
import type { Column } from '../../ui/data-table-types.ts';
import { Ref } from '../../ui/ref.tsx';
import { bothTimes } from '../../ui/times.ts';
import { Untrusted } from '../../ui/untrusted.tsx';
import { useNow, When } from '../../ui/when.tsx';
import { type Change, driftOf, reasonsInShort, stayOf } from './effect-words.ts';
import styles from './effects.module.css';
import { RowMenu, type RowVerbs } from './row-menu.tsx';

/** Until when a change stays, counted down. */
export function Until({ effect }: { readonly effect: Pick<Change, 'lease_until' | 'ended_at' | 'state' | 'claims'> }) {
  const stay = stayOf(effect, useNow());
  const at = effect.ended_at ?? effect.lease_until;
  return (
    <span
      className={styles.until}
      data-soon={stay.soon || undefined}
      {...(at === null ? {} : { title: bothTimes(at) })}
    >
      {stay.lasting ? (
        <ToneBadge tone="warn" word="no end" means="No time ends it: it stays until somebody undoes it" />
      ) : (
        stay.text
      )}
    </span>
  );
}

/** Because of what it is there and who did it, with links: what people know it by comes first. */
export function WhyInShort({ why }: Pick<Change, 'why'>) {
  const [who, root] = reasonsInShort(why);
  if (!who) return <span>–</span>;
  const known = root?.kind === 'alert' || root?.kind === 'case';
  const [first, second] = known ? [root, who] : [who, root];
  return (
    <span className={styles.why}>
      <span className={styles.root}>
        <Ref to={first.ref}>
          <Untrusted text={first.title} line longest={120} />
        </Ref>
      </span>
      {second && (
        <span className={styles.who}>
          {known ? 'by ' : 'on '}
          <Untrusted text={second.title} line longest={90} />
        </span>
      )}
    </span>
  );
}

function State({ effect }: { readonly effect: Change }) {
  const drift = driftOf(effect);
  return (
    <span className={styles.badges}>
      <EffectState effect={effect} />
      {drift !== '' && <ToneBadge tone="bad" word={drift} />}
      <SimulatedMark simulated={effect.simulated} />
    </span>
  );
}

function claimsOf({ claims }: Change): string {
  const open = claims.filter(({ ended_at }) => ended_at === null);
  return open.length === 0 ? '–' : open.length === 1 ? '1 claim' : `${open.length} claims`;
}

/** The columns of the list of changes. */
export function effectColumns(verbs: RowVerbs): readonly Column<Change>[] {
  return [
    {
      id: 'what',
      header: 'Change',
      width: '3fr',
      card: 'title',
      cell: ({ title }) => (
        <span className={styles.what}>
          <Untrusted text={title} line longest={200} />
        </span>
      ),
    },
    { id: 'why', header: 'Why', width: '3fr', cell: ({ why }) => <WhyInShort why={why} /> },
    { id: 'until', header: 'Stays', width: 112, sortable: true, cell: (effect) => <Until effect={effect} /> },
    { id: 'state', header: 'State', width: 158, cell: (effect) => <State effect={effect} /> },
    { id: 'class', header: 'Class', width: 96, from: 1450, cell: ({ effect }) => <EffectBadge effect={effect} /> },
    { id: 'claims', header: 'Kept by', width: 76, from: 1700, cell: claimsOf },
    {
      id: 'site',
      header: 'Site',
      width: 110,
      from: 1900,
      cell: ({ site }) => (site === '' ? 'here' : <Untrusted text={site} line />),
    },
    {
      id: 'since',
      header: 'Since',
      width: 92,
      from: 1250,
      sortable: true,
      cell: ({ created_at }) => <When at={created_at} />,
    },
    { id: 'verbs', header: '', width: 30, align: 'right', cell: (effect) => <RowMenu effect={effect} verbs={verbs} /> },
  ];
}
