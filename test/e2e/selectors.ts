// Everything of VS Code's own page that the tests touch, in one place: it changes with VS Code. Held with 1.139.

export const workbench = {
  /** There once the page can be used. */
  ready: '.monaco-workbench .part.statusbar',
  /** Drover's item in the status bar: publisher.name.id. There once the extension runs. */
  status: '[id="drover.drover.drover.status"]',
  /** The icon that opens the panel. */
  activity: '.activitybar a.action-label[aria-label^="Drover"]',
  /** The same while its panel is shown: then a click would close it. */
  activityOpen: '.activitybar .action-item.checked a.action-label[aria-label^="Drover"]',
  sideBar: '.part.sidebar',
  /** The webview and, in it, the page of the extension. */
  webview: 'iframe.webview.ready[src*="extensionId=drover.drover"]',
  webviewPage: 'iframe#active-frame',
  toast: '.notification-toast',
  dialog: '.monaco-dialog-box',
};

export const quickInput = {
  box: '.quick-input-widget:visible input',
  row: '.quick-input-list .monaco-list-row',
  widget: '.quick-input-widget',
};

export const editor = {
  /** The visible lines of the editor in front. */
  lines: '.editor-group-container.active .editor-instance .view-lines',
  activeTab: '.tab.active',
};

export const trust = {
  /** In the status bar of a folder that is not trusted. */
  restricted: '.statusbar-item:has-text("Restricted Mode")',
  page: '.workspace-trust-editor',
  close: '.monaco-modal-editor-block .codicon-close',
};
