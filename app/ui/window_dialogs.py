"""What the menu, its keys and the toolbar open: the menu itself, settings, services, spending, keys, about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint

if TYPE_CHECKING:
    from app.ui.application import Application


class WindowDialogs:
    """Opens each anew, over the window."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def open_menu(self) -> None:
        from app.ui.main_menu import MainMenu  # late: see late_parts

        menu = MainMenu(self._application)
        below = self._application.toolbar.menu_button
        menu.popup(below.mapToGlobal(QPoint(0, below.height())))

    def open_settings(self) -> None:
        from app.ui.preferences_dialog import PreferencesDialog  # late: see late_parts

        app = self._application
        places = app.services.locations
        dialog = PreferencesDialog(app.theme, app.settings.now, places.takes, places.handed_over, app.window)
        dialog.changed.connect(app.take_settings)
        dialog.services_wanted.connect(self.open_services)
        dialog.open()

    def open_services(self) -> None:
        self._application.services_flow.open()

    def open_spending(self) -> None:
        self._application.spending.open()

    def open_sheet(self) -> None:
        from app.ui.shortcut_sheet import ShortcutSheet  # late: see late_parts

        ShortcutSheet(self._application.theme, self._application.deeds.known, self._application.window).open()

    def open_about(self) -> None:
        from app.ui.about_dialog import AboutDialog  # late: see late_parts

        AboutDialog(self._application.theme, self._application.window).open()
