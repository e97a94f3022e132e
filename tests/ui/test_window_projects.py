"""Projects in the whole window: what new tasks are filed under, moving tasks, finding them."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractButton, QMenu

from app.domain.task import TaskState
from app.storage.library_index import Filter
from app.ui.batch_dialog import BatchDialog
from app.ui.project_dialog import ProjectDialog
from tests.ui.test_window import add_foreign_task
from tests.ui.test_window_services import labels
from tests.ui.waiting import until
from tests.ui.window_world import in_a_window, opened


async def dialog_of(world) -> ProjectDialog:
    def shown() -> list[ProjectDialog]:
        return [each for each in world.window.window.findChildren(ProjectDialog) if each.isVisible()]

    await until(shown)
    return shown()[0]


async def menu_of(world) -> QMenu:
    def shown() -> list[QMenu]:
        return [each for each in world.window.window.findChildren(QMenu) if each.isVisible()]

    await until(shown)
    return shown()[0]


async def use_new_project(world, name: str) -> None:
    world.window.column.prompt.project.click()
    menu = await menu_of(world)
    next(each for each in menu.actions() if each.text() == "New project…").trigger()
    menu.close()
    dialog = await dialog_of(world)
    dialog.field.setText(name)
    world.button("Use project", dialog).click()


async def test_what_is_generated_is_filed_under_the_project_also_after_a_restart(qapp, theme, tmp_path):
    home = tmp_path / "home"
    async with opened(qapp, home) as world:
        assert world.window.column.prompt.project.accessibleName() == "Project: none"
        await use_new_project(world, " Night  Storm ")
        await until(lambda: world.window.projects.current == "Night Storm")

    async with opened(qapp, home) as world:
        assert world.window.column.prompt.project.accessibleName() == "Project: Night Storm"
        world.window.column.prompt.use("Rain")
        world.window.toolbar.generate.click()
        await until(lambda: world.window.library.items.rowCount())
        await world.services.queue.wait_until_idle()
        (task,) = await world.services.store.tasks()
        assert task.project == "Night Storm"
        world.window.column.prompt.project.click()
        menu = await menu_of(world)
        offered = ["No project", "Night Storm", "New project…", "Show its tasks"]
        assert [each.text() for each in menu.actions() if each.text()] == offered
        next(each for each in menu.actions() if each.text() == "No project").trigger()
        menu.close()
        assert world.window.projects.current == ""


@in_a_window
async def test_several_tasks_are_moved_to_a_project_found_there_and_moved_back(world):
    first = await add_foreign_task(world, TaskState.FAILED)
    second = await add_foreign_task(world, TaskState.FAILED)
    window = world.window
    await world.settle()
    window.library.table.selectAll()
    window.library.table.menu_wanted.emit(window.library.mapToGlobal(window.library.rect().center()))
    menu = await menu_of(world)
    next(each for each in menu.actions() if each.text() == "Move to project…").trigger()
    menu.close()
    dialog = await dialog_of(world)
    assert "Move 2 tasks to a project" in labels(dialog)
    assert world.button("Move 2 tasks to no project", dialog).isEnabled()

    dialog.field.setText("EP3")
    world.button("Move 2 tasks", dialog).click()

    await until(lambda: window.messages.text == "2 tasks moved to “EP3”.")
    assert [(await world.services.library.task(each.id)).project for each in (first, second)] == ["EP3", "EP3"]
    window.library.head.searched.emit("project:ep3")
    await until(lambda: window.library.items.rowCount() == 2)
    window.library.head.searched.emit("project:ep4")
    await until(lambda: window.library.items.rowCount() == 0)
    world.button("Undo", window.messages).click()
    await until(lambda: window.messages.text == "2 tasks moved back.")
    assert await world.services.library.projects() == []


@in_a_window
async def test_the_tasks_of_a_project_are_one_choice_away(world):
    inside, _outside = [await add_foreign_task(world, TaskState.FAILED) for _ in range(2)]
    await world.services.library.move_to_project([inside.id], 'The "Night" Storm')
    world.window.projects.choose('The "Night" Storm')
    world.window.library.set_filter(Filter.DONE)
    world.window.column.prompt.project.click()
    menu = await menu_of(world)

    next(each for each in menu.actions() if each.text() == "Show its tasks").trigger()
    menu.close()

    await until(lambda: world.window.library.items.rowCount() == 1)
    assert world.row_of(inside.id) is not None


@in_a_window
async def test_a_name_that_is_too_long_is_refused_while_it_is_typed(world):
    await add_foreign_task(world, TaskState.FAILED)
    world.window.column.prompt.project.new_wanted.emit()
    dialog = await dialog_of(world)
    assert not world.button("Use project", dialog).isEnabled()

    dialog.field.setText("a" * 81)

    assert "has at most 80 letters" in labels(dialog)
    assert not world.button("Use project", dialog).isEnabled()
    dialog.reject()


@in_a_window
async def test_a_script_is_filed_under_the_project_too(world, tmp_path):
    sheet = tmp_path / "script.csv"
    sheet.write_text("id,prompt\nEP3_001,Rain\n")
    world.window.projects.choose("EP3")

    world.window.batches.ask(sheet)
    await until(lambda: any(each.isVisible() for each in world.window.window.findChildren(BatchDialog)))
    dialog = next(each for each in world.window.window.findChildren(BatchDialog) if each.isVisible())
    await until(lambda: any(each.text() == "Generate 1 line" for each in dialog.findChildren(QAbstractButton)))
    button = world.button("Generate 1 line", dialog)
    await until(button.isEnabled)
    button.click()

    await until(lambda: world.window.library.items.rowCount())
    await world.services.queue.wait_until_idle()
    assert [task.project for task in await world.services.store.tasks()] == ["EP3"]
