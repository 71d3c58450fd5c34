// The element, as a TypeScript project uses it.
import { define } from 'kubepki';
import { connect } from 'kubepki/sdk';
import 'kubepki/define';

define('my-pki');

const element = document.createElement('kube-pki');
element.view = 'files';
element.theme = 'dark';
element.focusOn = 'apiserver@cp-1';
element.focus();
element.addEventListener('select', ({ detail }) => detail.focus.toUpperCase());
element.addEventListener('error', ({ detail }) => detail.messages.map((one) => `${detail.code}: ${one}`));
element.addEventListener('click', (event) => event.clientX);
// @ts-expect-error There is no such theme.
element.theme = 'sepia';

export const frame = connect(document.createElement('iframe')).then(async (it) => {
  it.on('height', ({ height }) => height.toFixed());
  await it.set({ view: 'flags', focus: null });
});
