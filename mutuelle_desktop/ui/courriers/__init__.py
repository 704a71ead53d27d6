"""The Courriers tab: letters chosen by need, written beside their page, checked, printed, sent and proved."""
