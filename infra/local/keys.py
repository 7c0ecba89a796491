"""Whether the master key that was given is the one an installation was made with."""

from sqlalchemy.exc import SQLAlchemyError

from shared.database import engine
from shared.settings import Settings, SettingsError
from shared.vault import Vault


def ours(settings: Settings) -> None:
    """Raises SettingsError where a vault's keys were wrapped by another master key.

    A vault that cannot be asked is left to the services, whose readiness says what is wrong with it.
    """
    masters = settings.require("master_keys")
    for url in settings.require("vault_database_url", "reminders_vault_database_url"):
        keys = engine(url, pool_size=1)
        try:
            foreign = Vault(keys, masters).foreign()
        except SQLAlchemyError:
            foreign = None
        finally:
            keys.dispose()
        if foreign is not None:
            raise SettingsError(
                f"{foreign}: name the right one by CAIRN_MASTER_KEY_FILE or CAIRN_MASTER_KEY; "
                f"where neither is set, that of {settings.home} is taken"
            )
