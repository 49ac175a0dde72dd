/** The least that Ink can show: what the start of the program is compared with. */

import { render, Text } from 'ink';

render(<Text>hello</Text>);
// Stays until the measurement ends it.
setInterval(() => undefined, 60_000);
