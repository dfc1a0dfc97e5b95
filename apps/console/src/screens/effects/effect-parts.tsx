import { Paper, Table, Text, ThemeIcon, Timeline, Title } from '@mantine/core';
import {
  IconAlertTriangle,
  IconArrowBackUp,
  IconBell,
  IconBriefcase,
  IconQuestionMark,
  IconRoute,
  IconSitemap,
  IconUser,
  IconWaveSine,
  type TablerIcon,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { ToneBadge } from '../../ui/badges.tsx';
import { Defanged } from '../../ui/defanged.tsx';
import { Facts } from '../../ui/facts.tsx';
import { JsonView } from '../../ui/json-view.tsx';
import { Ref } from '../../ui/ref.tsx';
import { absoluteTime } from '../../ui/times.ts';
import { Untrusted } from '../../ui/untrusted.tsx';
import { useNow, When } from '../../ui/when.tsx';
import { lifeOf, type Moment, type WholeChange } from './effect-words.ts';
import styles from './effects.module.css';

interface PartProps {
  readonly effect: WholeChange;
}

function Panel({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <Paper withBorder p="sm" component="section" aria-label={title}>
      <Title order={2} size="h6" mb="xs">
        {title}
      </Title>
      {children}
    </Paper>
  );
}

const KINDS: Readonly<Record<WholeChange['why'][number]['kind'], readonly [icon: TablerIcon, word: string]>> = {
  playbook: [IconRoute, 'playbook'],
  reaction: [IconWaveSine, 'reaction'],
  case: [IconBriefcase, 'case'],
  event: [IconSitemap, 'event'],
  alert: [IconBell, 'alert'],
  effect: [IconArrowBackUp, 'change'],
  person: [IconUser, 'person'],
  participant: [IconSitemap, 'participant'],
  other: [IconQuestionMark, 'cause'],
};

/** Who did it and why, from the last cause back to the first. */
export function WhyChain({ effect }: PartProps) {
  return (
    <Panel title="Why it is there">
      <ol className={styles.chain}>
        {effect.why.map(({ ref, title, kind }) => {
          const [Icon, word] = KINDS[kind];
          return (
            <li key={ref} className={styles.link}>
              <ThemeIcon variant="light" size={28} radius="xl" color="gray" aria-hidden>
                <Icon size={16} />
              </ThemeIcon>
              <span className={styles.linkText}>
                <Text span size="xs" c="dimmed">
                  {word}{' '}
                </Text>
                <Ref to={ref}>
                  <Untrusted text={title} longest={200} />
                </Ref>
              </span>
            </li>
          );
        })}
      </ol>
    </Panel>
  );
}

type Claim = WholeChange['claims'][number];

const REFERENCE = /^[a-z_]+:[0-9a-f]{8}-/;

const hasReason = ({ reason, holder }: Claim): boolean => reason !== '' && reason !== holder;

/** Why somebody claims it: what they wrote; of a run or a case what led to it, where that is something else. */
function Reason({ claim }: { readonly claim: Claim }) {
  const { reason } = claim;
  if (!hasReason(claim)) return <span>–</span>;
  return REFERENCE.test(reason) ? (
    <Ref to={reason}>its {reason.slice(0, reason.indexOf(':'))}</Ref>
  ) : (
    <Untrusted text={reason} longest={120} />
  );
}

function claimsWords(over: boolean, kept: boolean): string {
  if (over) return 'It is over; these are the claims that it had.';
  return kept ? 'It is undone when the last of these claims ends.' : 'Nobody claims it any more; it is still there.';
}

/** Who keeps it, and until when; the last claim's end undoes it. */
export function Claims({ effect }: PartProps) {
  if (effect.claims.length === 0) return null;
  const told = effect.claims.some(hasReason);
  const kept = effect.ended_at === null && effect.claims.some(({ ended_at }) => ended_at === null);
  return (
    <Panel title={kept ? 'Who keeps it' : 'Who kept it'}>
      <Text size="sm" c="dimmed" mb="xs">
        {claimsWords(effect.ended_at !== null, kept)}
      </Text>
      <Table.ScrollContainer minWidth={told ? 380 : 240} type="native">
        <Table verticalSpacing={6} horizontalSpacing="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Claimed by</Table.Th>
              {told && <Table.Th>Because</Table.Th>}
              <Table.Th>Until</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {effect.claims.map((claim) => (
              <Table.Tr key={`${claim.holder} ${claim.reason}`}>
                <Table.Td>
                  <Ref to={claim.holder}>
                    <Untrusted text={claim.title} longest={90} />
                  </Ref>
                </Table.Td>
                {told && (
                  <Table.Td>
                    <Reason claim={claim} />
                  </Table.Td>
                )}
                <Table.Td className={styles.nowrap}>
                  {claim.ended_at === null ? (
                    <When at={claim.until} none="no time ends it" />
                  ) : (
                    <ToneBadge tone="calm" word="ended" />
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Panel>
  );
}

function WayBack({ effect: { inverse } }: PartProps) {
  return (
    <Panel title="The way back">
      {inverse === null ? (
        <Text size="sm">
          <IconAlertTriangle size={14} aria-hidden /> The product knows no way to take this back. An undo only ends it
          in the ledger.
        </Text>
      ) : (
        <JsonView value={inverse} label="inverse" />
      )}
    </Panel>
  );
}

/** What was sent to the product, what it answered, and what would undo it. */
export function Sent({ effect }: PartProps) {
  const held = effect.state === 'held';
  return (
    <>
      {effect.error !== null && (
        <Panel title="What went wrong">
          <JsonView value={effect.error} label="error" />
        </Panel>
      )}
      <Panel title={held ? 'What would be sent' : 'What was sent'}>
        <JsonView value={effect.args} label="arguments" />
      </Panel>
      {effect.receipt !== null && (
        <Panel title="What the product answered">
          <JsonView value={effect.receipt} label="receipt" />
        </Panel>
      )}
      {!held && effect.undo_of === '' && <WayBack effect={effect} />}
    </>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

/** The facts of a change. */
export function EffectFacts({ effect }: PartProps) {
  const { target, connector, connection, action, site, run, address, principal, attempts, undo_of } = effect;
  return (
    <Panel title="What it is">
      <Facts>
        {target !== '' && (
          <Fact name="On">
            <Defanged value={target.slice(target.indexOf(':') + 1)} />{' '}
            <Ref to={`trace:${target}`}>everything about it</Ref>
          </Fact>
        )}
        <Fact name="Through">
          <Ref to={`connection:${connection}`}>{connection}</Ref>
        </Fact>
        <Fact name="Action">
          <Ref to={`connector:${connector}`}>
            {connector}.{action}
          </Ref>
        </Fact>
        {run !== '' && (
          <Fact name="Step">
            <Ref to={`run:${run}/${address}`}>{address}</Ref>
          </Fact>
        )}
        {effect.why[0]?.ref !== principal && (
          <Fact name="By">
            <Ref to={principal} />
          </Fact>
        )}
        <Fact name="Where">{site === '' ? 'this server' : <Untrusted text={site} />}</Fact>
        <Fact name="Attempts">{attempts}</Fact>
        {undo_of !== '' && (
          <Fact name="Undoes">
            <Ref to={`effect:${undo_of}`}>that change</Ref>
          </Fact>
        )}
      </Facts>
    </Panel>
  );
}

const COLOURS: Readonly<Record<Moment['tone'], string>> = {
  good: 'teal',
  bad: 'red',
  warn: 'orange',
  busy: 'blue',
  calm: 'gray',
};

/** Its life so far, and what is to come. */
export function Life({ effect }: PartProps) {
  const moments = lifeOf(effect, useNow());
  const past = moments.filter(({ ahead }) => !ahead).length;
  return (
    <Panel title="Its life">
      <Timeline active={past - 1} bulletSize={14} lineWidth={2}>
        {moments.map(({ at, text, tone, ahead }) => (
          <Timeline.Item
            key={`${at} ${text}`}
            title={<Text size="sm">{text}</Text>}
            color={COLOURS[tone]}
            lineVariant={ahead ? 'dashed' : 'solid'}
          >
            <Text size="xs" c="dimmed" component="div">
              {absoluteTime(at)} · <When at={at} />
            </Text>
          </Timeline.Item>
        ))}
      </Timeline>
    </Panel>
  );
}

interface Decision {
  readonly outcome?: string;
  readonly rule?: string;
  readonly reasons?: readonly string[];
}

/** What the guard said, and by which rule. */
export function Guarded({ effect }: PartProps) {
  const { outcome, rule, reasons = [] } = (effect.decision ?? {}) as Decision;
  if (outcome === undefined) return null;
  const tone = outcome === 'allow' ? 'good' : outcome === 'hold' ? 'warn' : 'bad';
  return (
    <Panel title="What the guard said">
      <ToneBadge tone={tone} word={outcome} />{' '}
      <Text span size="sm">
        by the rule <Untrusted text={rule ?? ''} ff="monospace" />
      </Text>
      {reasons.length > 0 && (
        <ul>
          {reasons.map((reason) => (
            <li key={reason}>
              <Untrusted text={reason} longest={300} />
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
