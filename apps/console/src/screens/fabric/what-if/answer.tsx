import type { CallResult } from '@counterpoint/sdk';
import { Alert, Stack, Text } from '@mantine/core';
import { ToneBadge } from '../../../ui/badges.tsx';
import { Ref } from '../../../ui/ref.tsx';
import { Untrusted } from '../../../ui/untrusted.tsx';
import { reasonWords, whatIfSummary, wouldWords } from '../parts/words.ts';
import styles from './answer.module.css';

type WhatIf = CallResult<'whatIf'>;

function Taker({ taker }: { readonly taker: WhatIf['takers'][number] }) {
  const { word, tone } = wouldWords(taker.would);
  return (
    <li className={styles.taker} data-idle={taker.steps.length === 0 || undefined}>
      <div className={styles.head}>
        <Text size="sm" fw={600} component="span">
          <Ref to={`${taker.kind}:${taker.id}`}>{taker.id}</Ref>
        </Text>
        <ToneBadge word={word} tone={tone} />
      </div>
      {taker.reason !== '' && (
        <Text size="sm" component="div">
          <Untrusted text={reasonWords(taker.reason)} />
        </Text>
      )}
      {taker.steps.length > 0 && (
        <ol className={styles.steps}>
          {taker.steps.map((step) => (
            <li key={step}>
              <Untrusted text={step} longest={300} />
            </li>
          ))}
        </ol>
      )}
    </li>
  );
}

/** The answer to “what would happen if”: in a sentence, then taker by taker. */
export function Answer({ answer }: { readonly answer: WhatIf }) {
  return (
    <Stack gap="sm">
      <Text fw={600}>{whatIfSummary(answer)}</Text>
      {answer.problem !== '' && (
        <Alert color="red" variant="light" title="Why not">
          <Untrusted text={answer.problem} />
        </Alert>
      )}
      <ul className={styles.takers}>
        {answer.takers.map((taker) => (
          <Taker key={`${taker.kind} ${taker.id}`} taker={taker} />
        ))}
      </ul>
    </Stack>
  );
}
