import { Button, List, Paper, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';

/** What stands on the overview of an installation in which nothing is connected yet: what to do first, and why. */
export function BeginHere() {
  return (
    <Paper withBorder p="md" component="section" aria-label="Begin here">
      <Title order={2} size="h5" mb={4}>
        Begin here
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        Nothing has come in yet, and no source is there. Three steps, and this page fills itself:
      </Text>
      <List type="ordered" size="sm" spacing="sm">
        <List.Item>
          <Text span fw={600}>
            Connect a product
          </Text>{' '}
          that playbooks may look things up in or act through. Its credential is tested before it is stored.{' '}
          <Button component={Link} to="/connectors" size="compact-xs" variant="light">
            Connectors
          </Button>
        </List.Item>
        <List.Item>
          <Text span fw={600}>
            Add a source
          </Text>{' '}
          that your SIEM, EDR or IDS posts its alerts to.{' '}
          <Button component={Link} to="/sources" search={{ add: true } as never} size="compact-xs" variant="light">
            Sources
          </Button>
        </List.Item>
        <List.Item>
          <Text span fw={600}>
            Publish a playbook
          </Text>{' '}
          that starts with such an alert.{' '}
          <Button component={Link} to="/playbooks" size="compact-xs" variant="light">
            Playbooks
          </Button>
        </List.Item>
      </List>
    </Paper>
  );
}
