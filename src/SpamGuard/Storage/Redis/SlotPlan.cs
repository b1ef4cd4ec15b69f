using SpamGuard.Addresses;

namespace SpamGuard.Storage.Redis;

/// <summary>Shares events or reports out over the slots in which their records lie. Outside a cluster that is one.</summary>
/// <param name="connection">Knows the slots.</param>
/// <param name="events">How many events or reports come.</param>
/// <param name="items">How many items the first of them has.</param>
/// <param name="memory">Says which records may be made; <c>null</c> for all.</param>
internal sealed class SlotPlan(RedisConnection connection, int events, int items, StoreMemory? memory = null)
{
    /// <summary>The calls to send, all at once.</summary>
    public List<SlotGroup> Groups { get; } = new(1);

    /// <summary>Previous records that lie in another slot than their item: plain reads.</summary>
    public List<(SubjectKey Subject, SlotGroup.Place Place)> Apart { get; } = [];

    /// <summary>Whether something was left for a second round.</summary>
    public bool IsPartial { get; private set; }

    /// <summary>Whether one call does it all.</summary>
    public bool IsOneCall => Groups.Count == 1 && Apart.Count == 0;

    /// <summary>Empties it, so that its arrays serve another event, or another batch. Only after the driver has answered.</summary>
    public void Clear()
    {
        foreach (var group in Groups)
        {
            group.Clear();
        }

        Apart.Clear();
    }

    /// <summary>Adds an event.</summary>
    public void Add(int index, ObservedEvent observed)
    {
        Span<int> slots = stackalloc int[observed.Items.Length];
        Slots(observed.Items, slots);
        for (var first = 0; first < slots.Length; first++)
        {
            if (slots[..first].Contains(slots[first]))
            {
                continue;
            }

            var group = Group(slots[first]);
            group.BeginEvent(slots.Count(slots[first]), first == 0 ? observed.Replay : null);
            AddItems(group, index, observed.Items, slots);
        }
    }

    /// <summary>Adds a report, or the part of it that this round sends.</summary>
    /// <param name="index">Its place.</param>
    /// <param name="report">The report.</param>
    /// <param name="decided"><c>null</c> in the first round, which sends the slot of the address; then whether that one counted it.</param>
    public void Add(int index, ReportedEvent report, bool? decided)
    {
        Span<int> slots = stackalloc int[report.Items.Length];
        Slots(report.Items, slots);
        for (var first = 0; first < slots.Length; first++)
        {
            if (slots[..first].Contains(slots[first]))
            {
                continue;
            }

            var isDeciding = slots[first] == slots[0];
            if (decided is null && !isDeciding)
            {
                IsPartial = true;
            }
            else if (decided is null || (decided == true && !isDeciding))
            {
                var group = Group(slots[first]);
                // Where the record may be made it decides nothing, whatever memory allows: the others are to hear of the report.
                group.BeginReport(slots.Count(slots[first]), report.Spam, isDeciding && !report.Items[0].MayCreate, isDeciding ? report.Once : null);
                AddItems(group, index, report.Items, slots);
            }
        }
    }

    private void AddItems(SlotGroup group, int index, SubjectItem[] items, ReadOnlySpan<int> slots)
    {
        for (var i = 0; i < items.Length; i++)
        {
            if (slots[i] != group.Slot)
            {
                continue;
            }

            ref readonly var item = ref items[i];
            var place = new SlotGroup.Place(index, i, items.Length);
            var readsPrevious = !item.Previous.IsNone;
            if (readsPrevious && connection.IsCluster && connection.Slot(Keys.Subject(item.Previous)) != group.Slot)
            {
                Apart.Add((item.Previous, place));
                readsPrevious = false;
            }

            group.Add(item, item.MayCreate && memory?.MayCreate(item.Current.Kind) != false, readsPrevious, place);
        }
    }

    private void Slots(SubjectItem[] items, Span<int> slots)
    {
        for (var i = 0; connection.IsCluster && i < items.Length; i++)
        {
            slots[i] = connection.Slot(Keys.Subject(items[i].Current));
        }
    }

    private SlotGroup Group(int slot)
    {
        foreach (var known in Groups)
        {
            if (known.Slot == slot)
            {
                return known;
            }
        }

        var group = new SlotGroup(slot, Math.Max(1, events * items), events > 1);
        Groups.Add(group);
        return group;
    }
}
