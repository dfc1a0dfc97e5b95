import { Alert, Stack, Text, Tooltip } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import clsx from 'clsx';
import { type Account, accountOf, type Counts, WAYS } from './account.ts';
import styles from './account-view.module.css';

function Bar({ account }: { readonly account: Account }) {
  return (
    <div className={styles.bar} aria-hidden>
      {account.terms
        .filter(({ count }) => count > 0)
        .map(({ decision, share }) => (
          <div key={decision} className={styles.part} data-way={decision} style={{ flexGrow: share * 1_000 }} />
        ))}
    </div>
  );
}

function Equation({ account, waiting }: { readonly account: Account; readonly waiting: number }) {
  return (
    <div className={styles.equation}>
      <Text span fw={650}>
        {account.total.toLocaleString('en')} in
      </Text>
      <span>=</span>
      {account.terms.map(({ decision, words, count }, index) => (
        <span key={decision}>
          {index > 0 && '+ '}
          <Tooltip label={WAYS[decision].means}>
            <span className={styles.term} data-none={count === 0 || undefined}>
              <span className={clsx(styles.dot, styles.part)} data-way={decision} aria-hidden />
              {words}
            </span>
          </Tooltip>
        </span>
      ))}
      {waiting > 0 && (
        <Text span c="dimmed">
          · {waiting} {waiting === 1 ? 'delivery' : 'deliveries'} not read yet
        </Text>
      )}
    </div>
  );
}

interface AccountProps {
  readonly counts: Counts;
  readonly waiting?: number;
  readonly missing?: number;
}

/** What came in and what became of it: an equation, a bar, and a loud word when it does not add up. */
export function AccountView({ counts, waiting = 0, missing = 0 }: AccountProps) {
  const account = accountOf(counts, missing);
  return (
    <Stack gap={6}>
      <Equation account={account} waiting={waiting} />
      {account.total > 0 && <Bar account={account} />}
      {!account.addsUp && (
        <Alert color="red" icon={<IconAlertTriangle />} title="This does not add up" role="alert">
          {missing > 0
            ? `${missing} ${missing === 1 ? 'delivery counts' : 'deliveries count'} as read, and nothing became of ${missing === 1 ? 'it' : 'them'}. What was sent is still stored.`
            : 'The parts are not what came in.'}{' '}
          That is a defect of the server: keep its log and data, and report it.
        </Alert>
      )}
    </Stack>
  );
}
