import { SegmentedControl, Stack, Tabs, Text, useMantineColorScheme } from '@mantine/core';
import { useMay, useSession } from '../../app/session.tsx';
import { Page } from '../../ui/page.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { oneOf } from '../../ui/url-fields.ts';
import { useUrlState } from '../../ui/url-state.ts';
import { About } from './about.tsx';
import { PasswordForm } from './password-form.tsx';
import { Section } from './section.tsx';
import { Sessions } from './sessions.tsx';
import { Tokens } from './tokens.tsx';

const address = { tab: oneOf(['account', 'tokens', 'about'], 'account') };

/** The look of the page: light, dark, or as the system. */
function Look() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Section title="Look" about="Kept by this browser.">
      <SegmentedControl
        aria-label="Look"
        value={colorScheme}
        onChange={(value) => setColorScheme(value as typeof colorScheme)}
        data={[
          { value: 'light', label: 'Light' },
          { value: 'dark', label: 'Dark' },
          { value: 'auto', label: 'As the system' },
        ]}
      />
    </Section>
  );
}

/** One's own account: sessions, password, tokens; and what this server is. */
export function SettingsPage() {
  const [{ tab }, go] = useUrlState(address);
  const { user } = useSession();
  const tokens = useMay('token:write');
  return (
    <Page
      title="Settings"
      about={
        <Text inherit component="span">
          Signed in as <Untrusted text={user.name} line />, {user.role}
        </Text>
      }
    >
      <Tabs value={tab} onChange={(value) => go({ tab: value as typeof tab })} keepMounted={false} maw={980}>
        <Tabs.List>
          <Tabs.Tab value="account">Account</Tabs.Tab>
          {tokens && <Tabs.Tab value="tokens">API tokens</Tabs.Tab>}
          <Tabs.Tab value="about">This server</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="account" pt="md">
          <Stack gap="lg">
            <Sessions />
            <PasswordForm />
            <Look />
          </Stack>
        </Tabs.Panel>
        {tokens && (
          <Tabs.Panel value="tokens" pt="md">
            <Tokens />
          </Tabs.Panel>
        )}
        <Tabs.Panel value="about" pt="md">
          <About />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
