import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Box, Text, useInput, useWindowSize } from 'ink';
import { useState } from 'react';
import { KEYS, renderOnScreen } from './screen.ts';

function Counter() {
  const { rows } = useWindowSize();
  const [pressed, setPressed] = useState<readonly string[]>([]);
  useInput((input, key) => setPressed(all => [...all, key.return ? 'enter' : key.upArrow ? 'up' : input]));
  return (
    <Box height={rows} flexDirection="column" justifyContent="space-between" overflow="hidden">
      <Text>top</Text>
      <Text>pressed: {pressed.join(' ')}</Text>
      <Text>bottom of {rows}</Text>
    </Box>
  );
}

test('shows what Ink draws, takes keys and counts what was sent', async () => {
  const screen = renderOnScreen(<Counter />, { columns: 40, rows: 12 });
  await screen.waitForText('bottom of 12');
  assert.equal(screen.rows()[0], 'top');
  assert.equal(screen.rows()[11], 'bottom of 12');
  assert.equal(screen.rows().length, 12);
  assert.ok(screen.isAlternateScreen());

  screen.mark();
  await screen.press('a', KEYS.up, KEYS.enter);
  await screen.waitForText('pressed: a up enter');
  screen.sendChunk('b\r');
  await screen.until(() => screen.text().includes('enter b'));
  assert.equal(screen.clears(), 0);
  assert.ok(screen.largestWrite() < 150, `${screen.largestWrite()} bytes in one write`);
  screen.close();
});

test('a resize reaches the program', async () => {
  const screen = renderOnScreen(<Counter />, { columns: 80, rows: 24 });
  await screen.waitForText('bottom of 24');
  screen.resize({ columns: 40, rows: 12 });
  await screen.waitForText('bottom of 12');
  assert.equal(screen.rows()[11], 'bottom of 12');
  screen.close();
});

test('a wait that ends in vain shows the screen', async () => {
  const screen = renderOnScreen(<Counter />, { columns: 40, rows: 12 });
  await assert.rejects(screen.waitForText('never', 50), /the text never; the screen is\ntop/);
  screen.close();
});
