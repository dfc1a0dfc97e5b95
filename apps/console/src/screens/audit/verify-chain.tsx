import { Alert, Button, Code, List, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconAlertTriangle, IconDownload, IconShieldCheck } from '@tabler/icons-react';
import { useApi } from '../../app/use-api.ts';
import { CodeBlock } from '../../ui/code-block.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { LoadingRows } from '../../ui/loading.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import styles from './audit.module.css';

function Report() {
  const { data, error, refetch, isPending } = useApi('verifyAudit', {});
  if (isPending) return <LoadingRows rows={3} />;
  if (error) return <ErrorPanel error={error} retry={() => refetch()} />;
  const sound = data.findings.length === 0;
  const rows = data.rows.toLocaleString('en');
  return (
    <Stack gap="sm">
      <Alert
        color={sound ? 'teal' : 'red'}
        icon={sound ? <IconShieldCheck /> : <IconAlertTriangle />}
        title={sound ? `All ${rows} entries are as they were written` : `The chain of ${rows} entries is broken`}
      >
        {data.checkpoints === 0
          ? 'No checkpoint is signed yet; the server signs them as the log grows.'
          : `Signed checkpoints: ${data.checkpoints.toLocaleString('en')}; they vouch for everything up to entry ${data.vouched_to.toLocaleString('en')}.`}
      </Alert>
      {!sound && (
        <List size="sm">
          {data.findings.map(({ kind, seq, to, message }) => (
            <List.Item key={`${kind} ${seq}`}>
              <Code>{seq === to ? seq : `${seq}–${to}`}</Code> <Untrusted text={message} />
            </List.Item>
          ))}
        </List>
      )}
      <Text size="sm">
        Hash of the last entry. Written down elsewhere, it shows later whether everything up to here is still the same:
      </Text>
      <CodeBlock text={data.head} label="hash" />
      <Text size="sm">Taken out of here, it can be checked anywhere:</Text>
      <Button
        component="a"
        href="/api/v1/audit/export"
        download
        variant="default"
        leftSection={<IconDownload size={16} />}
        className={styles.download}
      >
        Download the whole log
      </Button>
      <CodeBlock text="npm run counterpoint -- audit verify counterpoint-audit.jsonl" label="command" />
    </Stack>
  );
}

/** A button that checks the whole chain, and says what it found. */
export function VerifyChain() {
  const [opened, { open, close }] = useDisclosure();
  return (
    <>
      <Button variant="default" leftSection={<IconShieldCheck size={16} />} onClick={open}>
        Verify
      </Button>
      <Modal opened={opened} onClose={close} title="Is the audit log sound?" size="lg" centered>
        {opened && <Report />}
      </Modal>
    </>
  );
}
